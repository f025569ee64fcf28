// The times that every decision uses.

/** The time of an input. */
export interface Now {
  /**
   * Monotonic time in milliseconds from an arbitrary zero. Decides whether a lease has expired.
   */
  readonly monotonicMs: number;
  /** Milliseconds since 1970. Recorded in events and never compared. */
  readonly wallMs: number;
}

/** The times that all studies of a coordinator share. */
export interface Rules {
  /** Time to live of a lease after each renewal, in milliseconds. */
  readonly leaseTtlMs: number;
  /**
   * Time after which an assignment that no trainer has accepted is published again, in
   * milliseconds.
   */
  readonly republishAfterMs: number;
  /** Time for which a study sets a trainer aside, in milliseconds. */
  readonly setAsideMs: number;
  /**
   * Lower bound of new lease tokens, which grows with every term of a leader. Tokens thus never
   * repeat, even after the store lost the newest events.
   * @default 0
   */
  readonly tokenFloor?: number;
}
