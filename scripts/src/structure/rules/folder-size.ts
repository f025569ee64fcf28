import { folderOf, isProduct, type SourceTree } from "../source-tree.js";
import type { Finding } from "./rule.js";

/**
 * Upper limit of source files in a folder. A larger folder has parts that deserve their own names.
 */
const FILES_MAX = 10;

/** Folders that may hold more files, with the reason why subfolders would not help. */
const REASONS: Readonly<Record<string, string>> = {};

const RULE = "folder-size";

/**
 * Finds folders that hold too many source files directly, and stated reasons that no folder needs.
 */
export function folderSize(tree: SourceTree, reasons = REASONS): readonly Finding[] {
  const counts = new Map<string, number>();
  for (const { path } of tree.files) {
    if (isProduct(path)) counts.set(folderOf(path), (counts.get(folderOf(path)) ?? 0) + 1);
  }
  const crowded = [...counts].filter(([folder, count]) => count > FILES_MAX && !Object.hasOwn(reasons, folder));
  const idle = Object.keys(reasons).filter((folder) => (counts.get(folder) ?? 0) <= FILES_MAX);
  return [
    ...crowded.map(([path, count]) => finding(path, `holds ${count} files, more than ${FILES_MAX}. ${ADVICE}`)),
    ...idle.map((path) => finding(path, `holds at most ${FILES_MAX} files. Delete its reason in folder-size.ts.`)),
  ];
}

const ADVICE = "Give a part of it a subfolder, or state a reason in folder-size.ts.";

function finding(path: string, advice: string): Finding {
  return { path, line: 1, rule: RULE, advice };
}
