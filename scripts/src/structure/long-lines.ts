import type { SourceFile } from "./source-tree.js";

/** Upper limit of columns of a code line; `biome.json` formats to the same width. */
const CODE_MAX = 120;

/** Upper limit of columns of a comment line. Long lines of prose are harder to read than code. */
const COMMENT_MAX = 100;

/**
 * Length of a run without white space that exempts its line. Such a run is one URL, hash or regular
 * expression; a break inside would prevent search and copying.
 */
const UNBREAKABLE_MIN = 80;

/** A line over the limit of its kind. */
export interface LongLine {
  readonly line: number;
  readonly kind: "code" | "comment";
  readonly width: number;
  readonly max: number;
}

/** Returns the lines of a file that exceed their limit. */
export function longLines(file: SourceFile): readonly LongLine[] {
  const commentLines = linesOfComments(file);
  return file.lines.flatMap((text, index): readonly LongLine[] => {
    const line = index + 1;
    const kind = commentLines.has(line) ? "comment" : "code";
    const max = kind === "comment" ? COMMENT_MAX : CODE_MAX;
    const width = [...text].length;
    if (width <= max || text.split(/\s+/).some((run) => run.length >= UNBREAKABLE_MIN)) return [];
    return [{ line, kind, width, max }];
  });
}

/** Returns the numbers of the lines that start with a comment or lie inside one. */
function linesOfComments(file: SourceFile): ReadonlySet<number> {
  const lines = new Set<number>();
  for (const { line, endLine, isTrailing } of file.comments) {
    for (let at = isTrailing ? line + 1 : line; at <= endLine; at++) lines.add(at);
  }
  return lines;
}
