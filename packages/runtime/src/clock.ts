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
