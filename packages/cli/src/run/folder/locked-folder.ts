import { stopLeftovers } from "../../cluster/orphans.js";
import type { Display } from "../../display/display.js";
import { shownPath } from "../session/cluster-session.js";
import { lockFolder } from "./lock.js";
import type { Marker, RunFolder } from "./run-folder.js";

export interface Occupation {
  readonly folder: RunFolder;
  /** Used only if the folder is new or overwritten. */
  readonly marker: Marker;
  readonly overwrite: boolean;
  /** What is run, the first line for the person. @default none */
  readonly title?: string;
  readonly display: Display;
}

/**
 * Works in a run folder that nobody else works in meanwhile, made ready and freed of what an earlier run left running.
 *
 * @param use - is given the marker in force
 * @throws {UserError} if the folder cannot be used or another run works there
 */
export async function inRunFolder<T>(occupation: Occupation, use: (marker: Marker) => Promise<T>): Promise<T> {
  const { folder, overwrite, title, display } = occupation;
  folder.claim(overwrite);
  const lock = lockFolder(folder.path);
  try {
    if (title !== undefined) display.print(title);
    const stopped = await stopLeftovers(folder.processes);
    const { marker, continued } = folder.prepare(occupation.marker, overwrite);
    display.print(`Run folder  ${shownPath(folder.path)}${continued ? ", used before" : ""}`);
    if (stopped.length > 0) display.print(`            stopped what an earlier run left behind: ${stopped.join(", ")}`);
    return await use(marker);
  } finally {
    lock.release();
  }
}
