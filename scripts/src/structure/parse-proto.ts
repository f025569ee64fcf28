import { findComments } from "./comments.js";
import type { SourceFile } from "./source-tree.js";

/** Reads the lines and the comments of a proto file; its declarations are checked by `buf lint`. */
export function parseProto(path: string, text: string): SourceFile {
  const strings = [...text.matchAll(/"[^"\n]*"/g)].map(({ 0: word, index }) => ({
    start: index,
    end: index + word.length,
  }));
  return {
    path,
    lines: text.split("\n"),
    comments: findComments(text, strings),
    imports: [],
    exports: [],
    functions: [],
    castCount: 0,
  };
}
