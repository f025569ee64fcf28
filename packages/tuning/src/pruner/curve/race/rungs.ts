// The rungs of the race: 1, 4, 16, ... epochs of the first execution. One epoch already ranks
// trials (Egele, Mohr, Viering, Balaprakash 2024), and the factor is asha's.

import type { LearningCurve } from "../../contract/pruner.js";

/** Of so many trials at a rung one goes on, and the next rung has so many times the epochs. */
export const REDUCTION_FACTOR = 4;

/** Returns how many of the trials at a rung are the best quarter, rounded down. */
export function quarterOf(reached: number): number {
  return Math.floor(reached / REDUCTION_FACTOR);
}

/** Returns the highest rung of at most a number of epochs; 0 for no epochs. */
export function rungBy(epochs: number): number {
  if (epochs < 1) return 0;
  let rung = 1;
  while (rung * REDUCTION_FACTOR <= epochs) rung *= REDUCTION_FACTOR;
  return rung;
}

/** Returns true for a trial in a further execution, where there are no rungs. */
export function isBeyondRungs({ executions }: LearningCurve): boolean {
  return executions.length > 1;
}

/**
 * Returns the rung that a trial has reached in its first execution and was not promoted from;
 * undefined if there is none. Training may be some epochs beyond the rung.
 */
export function reachedRung(trial: LearningCurve): number | undefined {
  const rung = rungBy(trial.executions[0]?.length ?? 0);
  return !isBeyondRungs(trial) && rung > trial.promotedFrom ? rung : undefined;
}
