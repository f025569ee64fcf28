// The trials at a rung.
//
//   r  epochs of the rung
//   n  number of trials that have reached the rung
//   k  number of the best of them that go on

import { type Goal, objectiveOf, scoreOf } from "../../objective/goal.js";
import type { LearningCurve } from "../contract/pruner.js";
import { bestBy } from "../learning-curve/best-so-far.js";

/** The trials that have reached a rung, in the order of their numbers. */
export interface Rung {
  readonly epochs: number;
  readonly goal: Goal;
  readonly curves: readonly LearningCurve[];
  /** The score of each trial's best objective in its first r epochs. */
  readonly scores: Float64Array;
}

/**
 * Returns a rung with the trials that have reached it. A trial whose first execution ended by
 * itself has reached every rung.
 *
 * @param curves - the trials of the bracket, in the order of their numbers
 */
export function rungOf(epochs: number, curves: readonly LearningCurve[], goal: Goal): Rung {
  const scores = new Float64Array(curves.length);
  const reached: LearningCurve[] = [];
  for (const curve of curves) {
    const best = bestBy(curve, { execution: 0, epoch: epochs - 1 }, goal);
    if (best === undefined) continue;
    scores[reached.length] = scoreOf(best, goal);
    reached.push(curve);
  }
  return { epochs, goal, curves: reached, scores: scores.subarray(0, reached.length) };
}

/**
 * Returns the k best trials of a rung, in the order of their numbers. Of equal trials the ones of
 * lower numbers are better.
 */
export function bestOf(rung: Rung, k: number): readonly LearningCurve[] {
  if (k === 0) return [];
  const limit = limitOf(rung, k);
  let free = k - rung.scores.reduce((count, score) => (score > limit ? count + 1 : count), 0);
  return rung.curves.filter((_, i) => {
    const score = rung.scores[i] as number;
    return score > limit || (score === limit && free-- > 0);
  });
}

/**
 * Returns the k-th best objective of a rung.
 *
 * @param k - from 1 to n
 */
export function limitObjective(rung: Rung, k: number): number {
  return objectiveOf(limitOf(rung, k), rung.goal);
}

/** Returns the objective of a trial at a rung that it has reached. */
export function objectiveAt({ epochs, goal }: Rung, curve: LearningCurve): number {
  return bestBy(curve, { execution: 0, epoch: epochs - 1 }, goal) as number;
}

function limitOf({ scores }: Rung, k: number): number {
  return scores.toSorted()[scores.length - k] as number;
}
