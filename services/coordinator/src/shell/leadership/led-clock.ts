import type { Clock } from "@sintonia/runtime/clock";

/**
 * A clock whose monotonic time runs only while this coordinator leads. Leases and all other
 * deadlines of a term thus stand still while NATS is away or the process is suspended: nobody
 * could renew them.
 */
export class LedClock implements Clock {
  readonly #clock: Clock;
  /** Led time at `#resumedMs`. */
  #ledMs: number;
  #resumedMs: number;
  #validUntilMs: number;

  /** @param validUntilMs - end of the leadership, in monotonic time of the machine */
  constructor(clock: Clock, validUntilMs: number) {
    this.#clock = clock;
    this.#resumedMs = clock.monotonicMs();
    this.#ledMs = this.#resumedMs;
    this.#validUntilMs = validUntilMs;
  }

  monotonicMs(): number {
    const until = Math.min(this.#clock.monotonicMs(), Math.max(this.#resumedMs, this.#validUntilMs));
    return this.#ledMs + until - this.#resumedMs;
  }

  wallTime(): Date {
    return this.#clock.wallTime();
  }

  /** Extends the leadership. The clock goes on if it stood still. */
  extend(validUntilMs: number): void {
    const now = this.#clock.monotonicMs();
    if (now >= this.#validUntilMs) {
      this.#ledMs = this.monotonicMs();
      this.#resumedMs = now;
    }
    this.#validUntilMs = Math.max(this.#validUntilMs, validUntilMs);
  }
}
