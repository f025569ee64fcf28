/** A source of time. Injected into the shell, so that tests and simulations control time. */
export interface Clock {
  /** Milliseconds since an arbitrary start. Never decreases. Decides about leases and deadlines. */
  monotonicMs(): number;
  /** Time of day, for people and records. May jump in both directions. */
  wallTime(): Date;
}

/** The clock of the machine. */
export const systemClock: Clock = {
  monotonicMs: () => performance.now(),
  wallTime: () => new Date(),
};

/**
 * Timers, and the chance that spreads delays. Injected into the shell with the clock, so that a
 * simulation decides when each task runs.
 */
export interface Timers extends Pick<Clock, "monotonicMs"> {
  /**
   * Runs a task once after a delay, in milliseconds. A task without a delay runs after the present
   * turn of the event loop, when all that has arrived is read.
   *
   * @returns a function that cancels the task
   */
  after(delayMs: number, task: () => void): () => void;
  /** Draws from the uniform distribution on [0, 1). */
  random(): number;
}

/** The timers of the machine. A waiting task keeps the process alive. */
export const systemTimers: Timers = {
  monotonicMs: systemClock.monotonicMs,
  after: (delayMs, task) => {
    if (delayMs === 0) {
      const immediate = setImmediate(task);
      return () => clearImmediate(immediate);
    }
    const timer = setTimeout(task, delayMs);
    return () => clearTimeout(timer);
  },
  random: Math.random,
};

/**
 * Waits. Returns early and without an error if the signal is aborted.
 *
 * @param ms - time in milliseconds
 */
export async function sleep(ms: number, timers: Timers, signal?: AbortSignal): Promise<void> {
  if (signal?.aborted) return;
  await new Promise<void>((resolve) => {
    const wake = (): void => {
      cancel();
      signal?.removeEventListener("abort", wake);
      resolve();
    };
    const cancel = timers.after(ms, wake);
    signal?.addEventListener("abort", wake, { once: true });
  });
}

/**
 * Runs a task again and again, the first time after one interval.
 *
 * @returns a function that ends the repetition
 */
export function every(intervalMs: number, timers: Timers, task: () => void): () => void {
  const repeat = (): void => {
    cancel = timers.after(intervalMs, repeat);
    task();
  };
  let cancel = timers.after(intervalMs, repeat);
  return () => cancel();
}
