import { sleep, systemTimers, type Timers } from "./clock.js";

/** The schedule of repetitions, and the failures that end it. */
export interface RetryOptions {
  /**
   * Wait after the first failure, in milliseconds. Doubles after each failure; each wait is
   * multiplied by a random factor in [1, 2).
   * @default 100
   */
  readonly delayMs?: number;
  /**
   * Upper limit of one wait, in milliseconds. A function is asked before each wait.
   * @default 5,000
   */
  readonly delayMaxMs?: number | (() => number);
  /**
   * Time after which no new attempt begins, in milliseconds.
   * @default unlimited
   */
  readonly deadlineMs?: number;
  /** Ends the wait when aborted; `retry` then throws the signal's reason. */
  readonly signal?: AbortSignal;
  /**
   * Returns true if another attempt may succeed after this failure.
   * @default true for every failure
   */
  readonly isTransient?: (error: Error) => boolean;
  /** Receives each failure that another attempt follows. Attempts count from 1. */
  readonly onRetry?: (error: Error, attempt: number) => void;
  /**
   * The timers of the waits.
   * @default those of the machine
   */
  readonly timers?: Timers;
}

/**
 * Repeats a task with exponential back-off and jitter until it succeeds.
 *
 * @throws the task's last error, if it is not transient or the deadline is over
 */
export async function retry<T>(task: (attempt: number) => Promise<T>, options: RetryOptions): Promise<T> {
  const { deadlineMs = Number.POSITIVE_INFINITY, signal, timers = systemTimers } = options;
  const endMs = timers.monotonicMs() + deadlineMs;
  for (let attempt = 1; ; attempt++) {
    signal?.throwIfAborted();
    try {
      return await task(attempt);
    } catch (error) {
      const leftMs = endMs - timers.monotonicMs();
      if (leftMs <= 0 || !isRepeated(error, attempt, options)) throw error;
      await sleep(Math.min(leftMs, delayOf(attempt, options, timers)), timers, signal);
    }
  }
}

function isRepeated(failure: unknown, attempt: number, { isTransient, onRetry, signal }: RetryOptions): boolean {
  const error = failure instanceof Error ? failure : new TypeError(`not an error: ${String(failure)}`);
  if (isTransient?.(error) === false) return false;
  if (!signal?.aborted) onRetry?.(error, attempt);
  return true;
}

/** Returns the wait after a failed attempt, in milliseconds. */
function delayOf(attempt: number, { delayMs = 100, delayMaxMs = 5_000 }: RetryOptions, timers: Timers): number {
  const limitMs = typeof delayMaxMs === "function" ? delayMaxMs() : delayMaxMs;
  return Math.min(limitMs, Math.round((1 + timers.random()) * delayMs * 2 ** (attempt - 1)));
}
