/** What held up the event loop of a process. */
export interface LoopDelay {
  /** How late timers were, by `monitorEventLoopDelay`; on a machine with too few free cores also by waiting for one. */
  readonly late: Spread;
  /**
   * How much longer than a millisecond the main thread took from one turn of a timer of a millisecond to the next, but for what it
   * waited for a core: what the program itself is to blame for, with the collections and page faults that it waited for.
   */
  readonly held: Spread;
  /** Processor time of the main thread from one such turn to the next. */
  readonly busy: Spread;
  /** The longest garbage collection of the main thread, by the clock. */
  readonly collectionMaxMs: number;
}

export interface Spread {
  readonly maxMs: number;
  readonly p99Ms: number;
  readonly p50Ms: number;
  readonly count: number;
  /** How many were above 20 ms. */
  readonly stalls: number;
}

const STALL_MS = 20;

/** Describes times in milliseconds. */
export function spreadOf(times: readonly number[]): Spread {
  const sorted = times.toSorted((a, b) => a - b);
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0;
  const stalls = sorted.filter((time) => time > STALL_MS).length;
  return { maxMs: at(1), p99Ms: at(0.99), p50Ms: at(0.5), count: sorted.length, stalls };
}
