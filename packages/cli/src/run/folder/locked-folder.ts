import { stopOrphans } from "../../cluster/orphans.js";
import type { Display } from "../../display/display.js";
import { shownPath } from "../../system/files/folders.js";
import { lockFolder } from "./lock.js";
import type { Marker, RunFolder } from "./run-folder.js";

interface LockedFolderInput {
  readonly folder: RunFolder;
  /** Written only if the folder is new or overwritten. */
  readonly marker: Marker;
  readonly overwrite: boolean;
  /** First line for the user: what is run. @default no line */
  readonly title?: string;
  readonly display: Display;
}

/**
 * Locks a run folder, stops the orphaned processes of an earlier run, prepares the folder, and
 * calls `use`. Releases the lock afterwards.
 *
 * @param use - receives the folder's marker
 * @throws {UserError} if the folder cannot be used or another run has locked it
 */
export async function withLockedFolder<T>(input: LockedFolderInput, use: (marker: Marker) => Promise<T>): Promise<T> {
  const { folder, overwrite, title, display } = input;
  folder.claim(overwrite);
  const lock = lockFolder(folder.path);
  try {
    if (title !== undefined) display.print(title);
    const stopped = await stopOrphans(folder.processes);
    const { marker, continued } = folder.prepare(input.marker, overwrite);
    display.print(`Run folder  ${shownPath(folder.path)}${continued ? ", from an earlier run" : ""}`);
    if (stopped.length > 0) display.print(`            stopped processes of an earlier run: ${stopped.join(", ")}`);
    return await use(marker);
  } finally {
    lock.release();
  }
}
