/** Delays of the event loop of a process. */
export interface LoopDelay {
  /**
   * Delay of timers by `monitorEventLoopDelay`. Includes the time in which the thread waited for a
   * core.
   */
  readonly late: Spread;
  /**
   * Delay of the turns of a 1 ms timer, without the time in which the main thread waited for a
   * core. This part is caused by the program, its garbage collections and page faults.
   */
  readonly held: Spread;
  /** Processor time of the main thread in each turn. */
  readonly busy: Spread;
  /** Wall time of the longest garbage collection of the main thread, in milliseconds. */
  readonly collectionMaxMs: number;
}

export interface Spread {
  readonly maxMs: number;
  readonly p99Ms: number;
  readonly p50Ms: number;
  readonly count: number;
  /** Number of times above 20 ms. */
  readonly stalls: number;
}

const STALL_MS = 20;

/** Returns the distribution of times in milliseconds. */
export function spreadOf(times: readonly number[]): Spread {
  const sorted = times.toSorted((a, b) => a - b);
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0;
  const stalls = sorted.filter((time) => time > STALL_MS).length;
  return { maxMs: at(1), p99Ms: at(0.99), p50Ms: at(0.5), count: sorted.length, stalls };
}
