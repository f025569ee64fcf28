import { type Goal, isBetter } from "../../objective/goal.js";
import { meanOf } from "../../selection/mean-interval.js";
import type { LearningCurve } from "../contract/pruner.js";
import { bestSoFar } from "./best-so-far.js";

/** Returns the best objective of an execution with at least one epoch. */
export function bestObjective(objectives: readonly number[], goal: Goal): number {
  return bestSoFar(objectives, goal).at(-1) as number;
}

/** Objectives of completed trials by their executions, which no longer change. */
const KNOWN: Readonly<Record<Goal, WeakMap<LearningCurve["executions"], number>>> = {
  maximize: new WeakMap(),
  minimize: new WeakMap(),
};

/** Returns the objective of a completed trial with epochs: the mean of its executions' best. */
function objectiveOf({ executions }: LearningCurve, goal: Goal): number {
  const known = KNOWN[goal].get(executions);
  if (known !== undefined) return known;
  const objective = meanOf(executions.map((objectives) => bestObjective(objectives, goal)));
  KNOWN[goal].set(executions, objective);
  return objective;
}

/** Returns the completed trial of the best objective, the first of equal ones, if there is one. */
export function bestCompleted(curves: readonly LearningCurve[], goal: Goal): LearningCurve | undefined {
  let best: LearningCurve | undefined;
  let bestValue = Number.NaN;
  for (const curve of curves) {
    if (curve.state !== "completed" || curve.executions.length === 0) continue;
    const value = objectiveOf(curve, goal);
    if (best !== undefined && !isBetter(value, bestValue, goal)) continue;
    best = curve;
    bestValue = value;
  }
  return best;
}
