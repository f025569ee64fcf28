// The time that trials spend under leases. Replicates and the test run spend nothing of the budget.

/** The part of a trial that decides what it spends. */
export interface Spender {
  readonly state: string;
  /** Wall time of the present lease in milliseconds since 1970. */
  readonly startedAt?: number;
  readonly replicates?: unknown;
  readonly tests?: unknown;
}

/** Tells whether a trial spends the budget of the search. */
export function isOfSearch({ replicates, tests }: Pick<Spender, "replicates" | "tests">): boolean {
  return replicates === undefined && tests === undefined;
}

/**
 * Returns the time since the grant of a trial's lease in milliseconds, at least 0; 0 of a trial
 * without a lease.
 *
 * @param at - wall time in milliseconds since 1970
 */
export function leaseMs({ state, startedAt }: Spender, at: number): number {
  const isHeld = state === "leased" || state === "running";
  return isHeld && startedAt !== undefined ? Math.max(0, at - startedAt) : 0;
}
