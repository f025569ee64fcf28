// The folders of modules in a cache that the trainers of a machine share. The modification time of
// a folder is that of its last use.

import { readdir, rm, stat, utimes } from "node:fs/promises";
import { join } from "node:path";

/** Limit of all folders together, in bytes. */
export const MODULES_MAX_BYTES = 2 ** 30;

/**
 * Time in which a folder stays after its use, in milliseconds: a module may import its files late,
 * and a trial may begin again on another trainer of the machine.
 */
export const STAY_MS = 3_600_000;

interface Folder {
  readonly path: string;
  readonly sizeBytes: number;
  readonly usedMs: number;
}

/**
 * Notes the use of a folder, and deletes those that were used longest ago while all together exceed
 * the limit. Folders in use stay beyond it.
 *
 * @param nowMs - wall time in milliseconds since 1970
 */
export async function useModuleFolder(
  parent: string,
  name: string,
  nowMs: number,
  bytesMax = MODULES_MAX_BYTES,
): Promise<void> {
  await utimes(join(parent, name), nowMs / 1000, nowMs / 1000);
  const folders = await foldersOf(parent);
  let excess = folders.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0) - bytesMax;
  for (const { path, sizeBytes, usedMs } of folders) {
    if (excess <= 0 || usedMs > nowMs - STAY_MS) return;
    await rm(path, { recursive: true, force: true });
    excess -= sizeBytes;
  }
}

/** Lists the folders, the one that was used longest ago first. */
async function foldersOf(parent: string): Promise<readonly Folder[]> {
  const folders: Folder[] = [];
  for (const name of await readdir(parent)) {
    const path = join(parent, name);
    // Ignored: another trainer deletes a folder meanwhile.
    const found = await stat(path).catch(() => undefined);
    if (found?.isDirectory()) folders.push({ path, sizeBytes: await sizeOf(path), usedMs: found.mtimeMs });
  }
  return folders.sort((one, other) => one.usedMs - other.usedMs);
}

async function sizeOf(folder: string): Promise<number> {
  let total = 0;
  for (const name of await readdir(folder, { recursive: true }).catch(() => [])) {
    const found = await stat(join(folder, name)).catch(() => undefined);
    if (found?.isFile()) total += found.size;
  }
  return total;
}
