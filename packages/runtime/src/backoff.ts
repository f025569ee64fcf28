import pRetry from "p-retry";

/** The schedule of repetitions, and the failures that end it. */
export interface RetryOptions {
  /**
   * Wait after the first failure, in milliseconds. Doubles after each failure; each wait is
   * multiplied by a random factor in [1, 2).
   * @default 100
   */
  readonly delayMs?: number;
  /**
   * Upper limit of one wait, in milliseconds.
   * @default 5,000
   */
  readonly delayMaxMs?: number;
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
}

/**
 * Repeats a task with exponential back-off and jitter until it succeeds.
 *
 * @throws the task's last error, if it is not transient or the deadline is over
 */
export async function retry<T>(task: (attempt: number) => Promise<T>, options: RetryOptions): Promise<T> {
  return await pRetry(task, {
    retries: Number.POSITIVE_INFINITY,
    minTimeout: options.delayMs ?? 100,
    maxTimeout: options.delayMaxMs ?? 5_000,
    factor: 2,
    randomize: true,
    maxRetryTime: options.deadlineMs ?? Number.POSITIVE_INFINITY,
    ...(options.signal ? { signal: options.signal } : {}),
    shouldRetry: ({ error, attemptNumber }) => {
      if (options.isTransient?.(error) === false) return false;
      if (!options.signal?.aborted) options.onRetry?.(error, attemptNumber);
      return true;
    },
  });
}
