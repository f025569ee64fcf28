import { setTimeout as delay } from "node:timers/promises";
import { UserError } from "@sintonia/runtime/errors";

const POLL_MS = 100;

/** Waits; returns early, without an error, if the signal is aborted. */
export async function sleep(ms: number, signal: AbortSignal): Promise<void> {
  // Ignored: the only error is the signal's.
  await delay(ms, undefined, { signal }).catch(() => undefined);
}

/**
 * Asks again and again until the answer is yes or the signal is aborted.
 *
 * @throws {UserError} if the answer is still no after `timeoutMs`
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
