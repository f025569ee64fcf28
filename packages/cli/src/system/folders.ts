import { existsSync, mkdirSync, statSync } from "node:fs";
import { dirname } from "node:path";

/**
 * Makes a folder and those above it that are missing. `mkdirSync` with `recursive` never returns where a file system
 * answers ENOENT although the folder above is there, as procfs does: it makes that folder again and again.
 *
 * @param mkdir - makes one folder
 * @throws what the file system says where a folder cannot be made
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
