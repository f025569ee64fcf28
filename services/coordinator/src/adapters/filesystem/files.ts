// Access to files whose errors a person can act on.

import { existsSync } from "node:fs";
import { mkdir, open } from "node:fs/promises";
import path from "node:path";
import { systemReasonOf } from "@sintonia/runtime/errors";
import { StoreUnavailableError } from "../../ports/study-log.js";

/**
 * Creates a folder and its parents. On a read-only file system, a recursive mkdir fails with
 * ENOENT; a plain mkdir of the topmost missing folder then fails with the true reason.
 */
export async function createFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true });
  } catch (error) {
    if (codeOf(error) !== "ENOENT") throw error;
    let missing = folder;
    while (!existsSync(path.dirname(missing))) missing = path.dirname(missing);
    await mkdir(missing);
    throw error;
  }
}

/** Flushes a folder to disk, so that a rename within the folder is durable. */
export async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Converts an error of the file system into a StoreUnavailableError with a one-line message. */
export async function guarded<T>(location: string, act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (error) {
    if (codeOf(error) === undefined) throw error;
    throw new StoreUnavailableError(`cannot use ${location}: ${systemReasonOf(error)}`, { cause: error });
  }
}

/** Returns the system's code of an error, such as "ENOENT"; undefined for other errors. */
export function codeOf(error: unknown): string | undefined {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : undefined;
}
