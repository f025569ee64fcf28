import type { Comment } from "./source-tree.js";

/** A half-open range of character positions. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/**
 * Finds the comments of a text. Adjacent line comments at the same column form one comment.
 *
 * @param literals - spans of strings, templates and regular expressions; slashes inside them start
 *   no comment
 */
export function findComments(text: string, literals: readonly Span[]): readonly Comment[] {
  const lineStarts = [0, ...[...text.matchAll(/\n/g)].map(({ index }) => index + 1)];
  const comments: (Comment & { readonly column: number })[] = [];
  for (const span of commentSpans(text, literals)) {
    const line = lineAt(lineStarts, span.start);
    const lineStart = lineStarts[line - 1] ?? 0;
    const column = span.start - lineStart;
    const isTrailing = text.slice(lineStart, span.start).trim() !== "";
    const comment = { line, endLine: lineAt(lineStarts, span.end - 1), text: text.slice(span.start, span.end) };
    const above = comments.at(-1);
    if (above && !isTrailing && !above.isTrailing && continues(above, { ...comment, column })) {
      comments[comments.length - 1] = { ...above, endLine: comment.endLine, text: `${above.text}\n${comment.text}` };
    } else {
      comments.push({ ...comment, isTrailing, column });
    }
  }
  return comments.map(({ column: _, ...comment }) => comment);
}

type Placed = Pick<Comment, "line" | "endLine" | "text"> & { readonly column: number };

function continues(above: Placed, below: Placed): boolean {
  const areLineComments = above.text.startsWith("//") && below.text.startsWith("//");
  return areLineComments && below.line === above.endLine + 1 && below.column === above.column;
}

function commentSpans(text: string, literals: readonly Span[]): readonly Span[] {
  const starts = new Map(literals.map((literal) => [literal.start, literal.end]));
  const spans: Span[] = [];
  let position = 0;
  while (position < text.length) {
    const literalEnd = starts.get(position);
    const end = literalEnd ?? commentEnd(text, position);
    if (literalEnd === undefined && end > position) spans.push({ start: position, end });
    position = Math.max(end, position + 1);
  }
  return spans;
}

/** Returns the end of the comment that starts at a position; the position itself if none does. */
function commentEnd(text: string, position: number): number {
  if (text.startsWith("//", position)) {
    const newline = text.indexOf("\n", position);
    return newline < 0 ? text.length : newline;
  }
  if (!text.startsWith("/*", position)) return position;
  const close = text.indexOf("*/", position + 2);
  return close < 0 ? text.length : close + 2;
}

/** Finds the line of a position by bisection. */
function lineAt(lineStarts: readonly number[], position: number): number {
  let low = 0;
  let high = lineStarts.length;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if ((lineStarts[middle] ?? 0) <= position) low = middle;
    else high = middle;
  }
  return low + 1;
}
