import { setTimeout as delay } from "node:timers/promises";
import { UserError } from "@sintonia/runtime/errors";

const POLL_MS = 100;

/** Waits `ms` milliseconds. Returns early and without an error if the signal is aborted. */
export async function sleep(ms: number, signal: AbortSignal): Promise<void> {
  // Ignored: the only possible error is the signal's.
  await delay(ms, undefined, { signal }).catch(() => undefined);
}

/**
 * Polls `check` until it returns true or the signal is aborted.
 *
 * @param what - the condition that does not hold, as a clause: "the coordinator does not serve"
 * @throws {UserError} if `check` still returns false after `timeoutMs`
 */
export async function waitUntil(
  check: () => Promise<boolean>,
  { signal, timeoutMs, what }: { signal: AbortSignal; timeoutMs: number; what: string },
): Promise<void> {
  const deadline = performance.now() + timeoutMs;
  while (!signal.aborted && !(await check())) {
    if (performance.now() > deadline) throw new UserError(`${what} within ${timeoutMs / 1000} s`);
    await sleep(POLL_MS, signal);
  }
}
