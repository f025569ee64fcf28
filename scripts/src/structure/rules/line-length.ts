import { longLines } from "../long-lines.js";
import type { SourceTree } from "../source-tree.js";
import type { Finding } from "./rule.js";

/** Finds code lines and comment lines that are too long. */
export function lineLength(tree: SourceTree): readonly Finding[] {
  return tree.files.flatMap((file) =>
    longLines(file).map(({ line, kind, width, max }) => ({
      path: file.path,
      line,
      rule: "line-length",
      advice: `${kind} line of ${width} columns, more than ${max}. Shorten or break it.`,
    })),
  );
}
