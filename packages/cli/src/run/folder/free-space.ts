import { statfsSync } from "node:fs";
import { UserError } from "@sintonia/runtime/errors";
import { sleep } from "../../system/waiting.js";

/** Room for the store, the logs and the weights of a study of ten trials such as the experiments make. */
const NEEDED_BYTES = 64 << 20;
/** Below it the next weights may not fit. Trainers would wait for room in silence: a person has to be told. */
const LEAST_BYTES = 8 << 20;
const LOOK_MS = 5_000;

/** Makes sure that a run has room to begin. @throws {UserError} if not */
export function requireSpace(folder: string, free = freeBytes): void {
  if (free(folder) < NEEDED_BYTES) throw noSpace(folder, NEEDED_BYTES);
}

/** Looks after the room in a folder until the signal is aborted. Rejects when there is next to none; else never settles. */
export async function untilFull(folder: string, signal: AbortSignal, free = freeBytes): Promise<never> {
  while (free(folder) >= LEAST_BYTES && !signal.aborted) await sleep(LOOK_MS, signal);
  if (signal.aborted) return await new Promise<never>(() => undefined);
  throw noSpace(folder, LEAST_BYTES);
}

function noSpace(folder: string, least: number): UserError {
  const megabytes = Math.round(least / 1e6);
  return new UserError(
    `${folder}: no space is left on the device (less than ${megabytes} MB); make room and give the same command again, or take another --dir`,
  );
}

/** What this user may still write; infinite where the file system does not tell. */
function freeBytes(folder: string): number {
  const { blocks, bavail, bsize } = statfsSync(folder);
  return blocks === 0 ? Infinity : bavail * bsize;
}
