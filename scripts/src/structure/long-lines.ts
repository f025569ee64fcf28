import type { SourceFile } from "./source-tree.js";

/** Columns of a line of code; `biome.json` formats to the same width. */
const CODE_MAX = 120;

/** Columns of a line that holds only a comment: prose in long lines is harder to read than code. */
const COMMENT_MAX = 100;

/**
 * Columns without white space from which a line may be longer. Such a run is one address, hash or regular expression:
 * a break inside would spoil it for search and for copying.
 */
const UNBREAKABLE_MIN = 80;

/** A line that is wider than its kind allows. */
export interface LongLine {
  readonly line: number;
  readonly kind: "code" | "comment";
  readonly width: number;
  readonly max: number;
}

/** Returns the lines of a file that are too long. */
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

/** Returns the lines that hold a comment and no code before it. */
function linesOfComments(file: SourceFile): ReadonlySet<number> {
  const lines = new Set<number>();
  for (const { line, endLine, isTrailing } of file.comments) {
    for (let at = isTrailing ? line + 1 : line; at <= endLine; at++) lines.add(at);
  }
  return lines;
}
