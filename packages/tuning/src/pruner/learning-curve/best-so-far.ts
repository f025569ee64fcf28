import { type Goal, isBetter } from "../../objective/goal.js";
import type { LearningCurve } from "../contract/pruner.js";

/** Best objectives so far by the array of an execution's objectives, which never changes. */
const KNOWN: Readonly<Record<Goal, WeakMap<readonly number[], Float64Array>>> = {
  maximize: new WeakMap(),
  minimize: new WeakMap(),
};

/**
 * Returns the best objective up to each epoch of an execution. Remembers the result for as long as
 * the array exists, so the array must not change.
 *
 * @param objectives - the objective of each epoch, finite
 * @returns an array of the same length, to be read only
 */
export function bestSoFar(objectives: readonly number[], goal: Goal): Float64Array {
  const known = KNOWN[goal].get(objectives);
  if (known !== undefined) return known;
  const best = Float64Array.from(objectives);
  for (let epoch = 1; epoch < best.length; epoch++) {
    const before = best[epoch - 1] as number;
    if (!isBetter(best[epoch] as number, before, goal)) best[epoch] = before;
  }
  KNOWN[goal].set(objectives, best);
  return best;
}

/**
 * Returns true if an execution ended by itself: at its last epoch or by early stopping. Its best
 * objective counts at every later epoch.
 */
export function hasEnded({ state, executions }: LearningCurve, execution: number): boolean {
  return execution < executions.length - 1 || (state === "completed" && execution < executions.length);
}

/**
 * Returns the best objective of an execution up to an epoch; undefined if the execution has not
 * reached the epoch and has not ended by itself.
 *
 * @param at - execution and epoch, from 0
 */
export function bestBy(
  curve: LearningCurve,
  at: { readonly execution: number; readonly epoch: number },
  goal: Goal,
): number | undefined {
  const objectives = curve.executions[at.execution];
  if (objectives === undefined || objectives.length === 0) return undefined;
  if (at.epoch >= objectives.length && !hasEnded(curve, at.execution)) return undefined;
  return bestSoFar(objectives, goal)[Math.min(at.epoch, objectives.length - 1)];
}
