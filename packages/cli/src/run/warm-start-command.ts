import { existsSync } from "node:fs";
import type { StudySpec } from "@sintonia/tuning/spec/study-spec";
import { readWarmStart } from "../study/spec/warm-start.js";
import { shownPath } from "../system/files/folders.js";
import { UsageError } from "../system/usage-error.js";
import type { StudyFolder } from "./folder/study-folder.js";

/** Options that the command replaces; some have a value. */
const REPLACED = { withValue: ["--dir", "--warm-start", "--warm-start-fidelity"], alone: ["--overwrite"] } as const;

/**
 * Returns the command that starts a study of another spec with the results of a folder as its warm
 * start; undefined if the spec cannot learn from these results.
 *
 * @param args - arguments of the command that was refused
 */
export function warmStartCommand(folder: StudyFolder, spec: StudySpec, args: readonly string[]): string | undefined {
  try {
    readWarmStart(folder.results, spec);
  } catch (error) {
    if (error instanceof UsageError) return undefined;
    throw error;
  }
  const words = [...keptArguments(args), "--dir", freeFolder(folder.path), "--warm-start", shownPath(folder.results)];
  return `sintonia ${words.map(quoted).join(" ")}`;
}

function keptArguments(args: readonly string[]): readonly string[] {
  const isOption = (list: readonly string[], word: string | undefined): boolean =>
    list.some((option) => word === option || word?.startsWith(`${option}=`));
  return args.filter((word, i) => {
    const isValue = REPLACED.withValue.some((option) => args[i - 1] === option);
    return !isValue && !isOption(REPLACED.withValue, word) && !isOption(REPLACED.alone, word);
  });
}

/** Returns the first of FOLDER-2, FOLDER-3 ... that does not exist. */
function freeFolder(path: string): string {
  let number = 2;
  while (existsSync(`${path}-${number}`)) number += 1;
  return shownPath(`${path}-${number}`);
}

/** Quotes a word for a POSIX shell where necessary. */
function quoted(word: string): string {
  return /^[\w./:=@%+,-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
