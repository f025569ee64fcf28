import { statfsSync } from "node:fs";
import { UserError } from "@sintonia/runtime/errors";
import { sleep } from "../../system/waiting.js";

/**
 * Free space that a run needs at its start: the store, the logs and the weights of a study of ten
 * trials.
 */
const START_BYTES = 64 << 20;
/**
 * Free space below which a run stops, since trainers would wait for space without a message to the
 * user.
 */
const RESERVE_BYTES = 8 << 20;
const POLL_MS = 5_000;

/** Refuses a folder without the free space that a run needs at its start. @throws {UserError} */
export function requireSpace(folder: string, free = freeBytes): void {
  if (free(folder) < START_BYTES) throw noSpace(folder, START_BYTES);
}

/**
 * Watches the free space of a folder until the signal is aborted.
 *
 * @returns rejects with a UserError when the space falls below the reserve; never resolves
 */
export async function untilFull(folder: string, signal: AbortSignal, free = freeBytes): Promise<never> {
  while (free(folder) >= RESERVE_BYTES && !signal.aborted) await sleep(POLL_MS, signal);
  if (signal.aborted) return await new Promise<never>(() => undefined);
  throw noSpace(folder, RESERVE_BYTES);
}

function noSpace(folder: string, limit: number): UserError {
  const megabytes = Math.round(limit / 1e6);
  return new UserError(
    `${folder}: no space is left on the device (less than ${megabytes} MB); ` +
      "make room and repeat the command, or choose another --dir",
  );
}

/** Returns the bytes that this user may still write; infinity if the file system does not tell. */
function freeBytes(folder: string): number {
  const { blocks, bavail, bsize } = statfsSync(folder);
  return blocks === 0 ? Infinity : bavail * bsize;
}
