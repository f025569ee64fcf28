import { randomUUID } from "node:crypto";
import { open, rm, statfs } from "node:fs/promises";
import path from "node:path";
import { systemReasonOf, UserError } from "@sintonia/runtime/errors";
import { makeFolder } from "@sintonia/runtime/file/folders";
import { guarded } from "./files.js";

/**
 * Makes the state folder, unless it is there.
 *
 * @throws {UserError} if it cannot be made, with the name of the variable
 */
export async function makeStateFolder(folder: string): Promise<void> {
  try {
    await makeFolder(folder);
  } catch (error) {
    const reason = systemReasonOf(error);
    throw new UserError(`cannot make the state folder ${folder} (${reason}): name another one in SINTONIA_STATE_DIR`, {
      cause: error,
    });
  }
}

/**
 * Writes a file of a size durably into the folder of a FilesystemArtifactStore, and deletes it.
 *
 * @throws {StoreUnavailableError} if this fails; names the folder and the reason
 */
export async function tryWrite(storeFolder: string, bytes: number): Promise<void> {
  // The store deletes what is left here at its next start.
  const file = path.join(storeFolder, "unfinished", randomUUID());
  await guarded(storeFolder, async () => {
    try {
      const handle = await open(file, "wx");
      try {
        await handle.writeFile(Buffer.alloc(bytes));
        await handle.sync();
      } finally {
        await handle.close();
      }
    } finally {
      await rm(file, { force: true });
    }
  });
}

/** Returns the bytes that a folder has room for; NaN if the file system does not say. */
export async function availableBytes(folder: string): Promise<number> {
  try {
    const { bavail, bsize } = await statfs(folder);
    return bavail * bsize;
  } catch {
    return Number.NaN;
  }
}
