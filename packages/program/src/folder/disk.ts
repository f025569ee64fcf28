import { lstat, opendir, statfs } from "node:fs/promises";
import { join } from "node:path";

/**
 * Free bytes that a program must leave on the disk of its folder. Below that the trainer and its
 * neighbours can no longer work.
 */
export const FREE_MIN_BYTES = 256 * 1024 * 1024;

/** Reads the state of a disk. */
export interface Disk {
  freeBytes(folder: string): Promise<number>;
  /** Returns the size of the files below a folder, at least `enough` if there are so many bytes. */
  usedBytes(folder: string, enough: number): Promise<number>;
}

/** The disks of the machine. */
export const systemDisk: Disk = { freeBytes, usedBytes };

/**
 * Returns the reason to end a program that fills its disk; undefined if there is room, or if others
 * have filled the disk.
 */
export async function diskFault(disk: Disk, folder: string): Promise<string | undefined> {
  const free = await disk.freeBytes(folder);
  if (free >= FREE_MIN_BYTES) return undefined;
  const used = await disk.usedBytes(folder, FREE_MIN_BYTES);
  if (used < FREE_MIN_BYTES) return undefined;
  const state = `only ${mebibytes(free)} MiB are free, and its folder holds at least ${mebibytes(used)} MiB`;
  return `The program filled the disk: ${state}.`;
}

function mebibytes(bytes: number): number {
  return Math.floor(bytes / 1_048_576);
}

async function freeBytes(folder: string): Promise<number> {
  const { bavail, bsize } = await statfs(folder);
  return bavail * bsize;
}

async function usedBytes(folder: string, enough: number): Promise<number> {
  let total = 0;
  for await (const entry of await opendir(folder)) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) total += await usedBytes(path, enough - total).catch(() => 0);
    // `blocks` counts 512 bytes each: a sparse file takes no more than its blocks.
    else
      total += await lstat(path)
        .then(({ blocks }) => blocks * 512)
        .catch(() => 0);
    if (total >= enough) break;
  }
  return total;
}
