// The limit of trials at once. It goes down when memory runs out, and up again one at a time.

/** The present limit of open slots. */
export interface Limit {
  readonly now: number;
  /** The limit without any fault of memory. */
  readonly most: number;
  /** Trials that completed with all slots of the limit open, since the limit last changed. */
  readonly completedCount: number;
  /** Number of such trials after which the limit goes up by one. */
  readonly raiseCount: number;
}

/**
 * Completed trials before the first raise: few enough for a passing cause, such as another program
 * on the GPU.
 */
export const RAISE_COUNT = 8;

/**
 * Upper bound of `raiseCount`. A device that cannot take one trial more then loses one attempt in
 * a thousand trials.
 */
export const RAISE_COUNT_MAX = 1_024;

/** Returns the limit of a trainer whose memory has not run out yet. */
export function fullLimit(most: number): Limit {
  return { now: most, most, completedCount: 0, raiseCount: RAISE_COUNT / 2 };
}

/**
 * Lowers the limit below the number of slots with which memory ran out. Doubles the number of
 * trials until the next raise, so that the limit does not oscillate.
 */
export function lowered(limit: Limit, openCount: number): Limit {
  const now = Math.max(1, Math.min(limit.now, openCount) - 1);
  return { ...limit, now, completedCount: 0, raiseCount: Math.min(2 * limit.raiseCount, RAISE_COUNT_MAX) };
}

/** Counts a completed trial. Raises the limit after `raiseCount` of them with all slots open. */
export function afterCompletion(limit: Limit, openCount: number): Limit {
  if (limit.now >= limit.most || openCount < limit.now) return limit;
  const completedCount = limit.completedCount + 1;
  if (completedCount < limit.raiseCount) return { ...limit, completedCount };
  return { ...limit, now: limit.now + 1, completedCount: 0 };
}
