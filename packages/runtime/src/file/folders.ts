import { existsSync } from "node:fs";
import { mkdir, stat } from "node:fs/promises";
import { dirname } from "node:path";

/**
 * Makes a folder and its missing ancestors.
 *
 * Node's recursive `mkdir` loops forever on a file system that answers ENOENT although the parent
 * exists, as procfs does, and hides EROFS behind ENOENT. This function throws the true error.
 *
 * @param mode - permissions of the folders that are made
 * @throws the file system's error if a folder cannot be made
 */
export async function makeFolder(path: string, mode = 0o777): Promise<void> {
  if (await isMade(path, mode, "ENOENT")) return;
  // Another call may have made the parent in the meantime.
  if (!existsSync(dirname(path))) await makeFolder(dirname(path), mode);
  await isMade(path, mode);
}

/** Makes one folder, unless it is there. Returns false for one error, and throws any other. */
async function isMade(path: string, mode: number, expected?: "ENOENT"): Promise<boolean> {
  try {
    await mkdir(path, { mode });
    return true;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === expected) return false;
    if (code === "EEXIST" && (await stat(path)).isDirectory()) return true;
    throw error;
  }
}
