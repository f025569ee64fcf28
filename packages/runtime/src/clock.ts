/** Time as the shell sees it. Injected, so that tests and simulations own it. */
export interface Clock {
  /** Milliseconds since an arbitrary start. Never goes back; the only time that leases and deadlines are judged by. */
  monotonicMs(): number;
  /** Time of day, for people and records. May jump. */
  wallTime(): Date;
}

/** The machine's clock. */
export const systemClock: Clock = {
  monotonicMs: () => performance.now(),
  wallTime: () => new Date(),
};
