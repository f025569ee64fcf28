import { setTimeout as delay } from "node:timers/promises";
import { findProcesses, type ProcessMark } from "./process-table.js";

/** First wait between two looks at the process table in ms. The wait doubles up to POLL_MAX_MS. */
const POLL_MIN_MS = 20;
const POLL_MAX_MS = 500;

/**
 * Rounds of SIGKILL. Each kills every process that is found; a program that forks for ever loses
 * the race.
 */
const KILL_ROUNDS_MAX = 100;

/**
 * Ends every process of an execution: SIGTERM, a grace time, SIGKILL. Resolves when none is left.
 *
 * @returns the processes that could not be ended, empty unless another user owns them
 */
export async function terminate(mark: ProcessMark, graceMs: number): Promise<number[]> {
  if (signalAll(mark, "SIGTERM").length === 0) return [];
  if (await isGoneWithin(mark, graceMs)) return [];
  return await killAll(mark);
}

/** Sends a signal to every process of an execution. Returns the processes. */
function signalAll(mark: ProcessMark, signal: NodeJS.Signals): number[] {
  const ids = findProcesses(mark);
  for (const id of ids) send(id, signal);
  return ids;
}

async function isGoneWithin(mark: ProcessMark, graceMs: number): Promise<boolean> {
  const endMs = performance.now() + graceMs;
  for (let pollMs = POLL_MIN_MS; performance.now() < endMs; pollMs = Math.min(2 * pollMs, POLL_MAX_MS)) {
    await delay(Math.min(pollMs, Math.max(0, endMs - performance.now())));
    if (findProcesses(mark).length === 0) return true;
  }
  return false;
}

async function killAll(mark: ProcessMark): Promise<number[]> {
  let left: number[] = [];
  for (let round = 0; round < KILL_ROUNDS_MAX; round++) {
    left = signalAll(mark, "SIGKILL");
    if (left.length === 0) return [];
    await delay(POLL_MIN_MS);
  }
  return left;
}

function send(id: number, signal: NodeJS.Signals): void {
  try {
    process.kill(id, signal);
  } catch {
    // Ignored: the process has ended, or belongs to another user.
  }
}
