/** How late the timers of a process were. */
export interface LoopDelay {
  readonly maxMs: number;
  readonly p99Ms: number;
  readonly p50Ms: number;
  readonly samples: number;
  /** Samples above 20 ms. */
  readonly stalls: number;
  /** The longest garbage collection. */
  readonly collectionMaxMs: number;
}
