import { existsSync, mkdirSync, statSync } from "node:fs";
import { dirname, relative, resolve } from "node:path";

/**
 * Makes a folder and its missing ancestors.
 *
 * `mkdirSync` with `recursive` would loop forever on a file system that answers ENOENT although the
 * parent exists, as procfs does. This function throws the error instead.
 *
 * @param mkdir - makes one folder
 * @throws the file system's error if a folder cannot be made
 */
export function makeFolder(path: string, mkdir: (path: string) => void = mkdirSync): void {
  try {
    mkdir(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "EEXIST" && statSync(path).isDirectory()) return;
    if (code !== "ENOENT" || existsSync(dirname(path))) throw error;
    makeFolder(dirname(path), mkdir);
    mkdir(path);
  }
}

/**
 * Shortens a path for printing: relative to the working directory if inside it, absolute otherwise.
 */
export function shownPath(path: string): string {
  const short = relative("", resolve(path));
  return short.startsWith("..") || short === "" ? resolve(path) : short;
}
