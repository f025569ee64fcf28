// Access to files whose errors a person can act on.

import { open } from "node:fs/promises";
import { systemReasonOf } from "@sintonia/runtime/errors";
import { StoreUnavailableError } from "../../ports/study-log.js";

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
