import { resolve } from "node:path";
import { readJson } from "../folder/files.js";
import { lockOwner } from "../folder/lock.js";
import { RunFolder } from "../folder/run-folder.js";

/**
 * Returns the address of the coordinator of the run that works in a folder, undefined if no run
 * does.
 */
export function coordinatorOf(dir: string): string | undefined {
  const folder = new RunFolder(resolve(dir));
  const owner = lockOwner(folder.path);
  const cluster = readJson<{ readonly coordinator: string; readonly pid: number }>(folder.cluster);
  return owner !== undefined && cluster?.pid === owner.pid ? cluster.coordinator : undefined;
}
