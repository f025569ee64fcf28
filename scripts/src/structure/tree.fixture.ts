import { parseTypeScript } from "./parse-typescript.js";
import type { SourceTree } from "./source-tree.js";

/**
 * Parses texts as files of a workspace `w`, by path below it; paths below `packages/` stay as
 * given.
 */
export function treeOf(files: Readonly<Record<string, string>>): SourceTree {
  const texts = Object.entries(files).map(([path, text]) => [path.startsWith("packages/") ? path : `w/${path}`, text]);
  return { workspaces: ["w"], files: parseTypeScript(new Map(texts as [string, string][])) };
}
