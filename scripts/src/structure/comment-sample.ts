import { createHash } from "node:crypto";
import type { Comment, SourceTree } from "./source-tree.js";

/** A comment with its file. */
export interface SampledComment extends Comment {
  readonly path: string;
}

/**
 * Draws comments without replacement, each with the same probability. The rank of a comment is a
 * hash of seed, path and text, so that an edit elsewhere does not change the draw.
 *
 * @returns the comments by path and line
 */
export function sampleComments(tree: SourceTree, count: number, seed: number): readonly SampledComment[] {
  const all = tree.files.flatMap(({ path, comments }) => comments.map((comment) => ({ ...comment, path })));
  const ranked = all.map((comment) => ({ comment, rank: rankOf(comment, seed) }));
  const drawn = ranked.sort((a, b) => compare(a.rank, b.rank)).slice(0, count);
  return drawn.map(({ comment }) => comment).sort((a, b) => compare(a.path, b.path) || a.line - b.line);
}

function rankOf({ path, text }: SampledComment, seed: number): string {
  return createHash("sha256")
    .update(JSON.stringify([seed, path, text]))
    .digest("hex");
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
