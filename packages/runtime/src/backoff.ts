import pRetry from "p-retry";

/** How to repeat a task that failed. */
export interface RetryOptions {
  /** Wait after the first failure, in milliseconds, 100 by default; doubled after each one and stretched by chance up to twice. */
  readonly delayMs?: number;
  /** Longest wait in milliseconds, 5,000 by default. */
  readonly delayMaxMs?: number;
  /** No new try begins after this many milliseconds; unlimited by default. */
  readonly deadlineMs?: number;
  /** Ends the waiting: retry then throws the signal's reason. */
  readonly signal?: AbortSignal;
  /** Tells whether a failure may pass; all may by default. */
  readonly isTransient?: (error: Error) => boolean;
  /** Called after each failure that will be followed by another try. */
  readonly onRetry?: (error: Error, attempt: number) => void;
}

/**
 * Repeats a task with exponential back-off and jitter until it succeeds.
 *
 * @throws the task's last error, once it is not transient or the deadline is over
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
