// Trials that diverged: completed trials whose objectives are outliers far beyond the others.
//
//   d_1 <= d_2 <= ...   distances of the objectives from the best one, sorted
//   m                   median distance of the first ten trials
//
// Trial i + 1 and all after it diverged if d_{i+1} / d_i > STEP_MIN * d_i / m, for d_i >= m.
// Functions that rise by orders of magnitude have large steps too, but from distances that are
// large already.

import { upperMedian } from "../../numeric/vector.js";
import { scoreOf } from "../../objective/goal.js";
import type { Observation, StudyHistory } from "../../objective/observation.js";
import { outcomeHistory } from "../../objective/outcome-history.js";
import { type Aims, outcomeOf } from "../../objective/outcomes.js";
import { distancesOf, scoresOf } from "./observed-losses.js";

/** Smallest step, relative to d_i / m, that no smooth function was seen to have. */
const STEP_MIN = 100;
/** Fewest completed trials for the rule. With fewer, any step may be the function's own. */
const COMPLETED_MIN = 5;
/**
 * Number of first trials that m is taken from. They spread over the space; later ones crowd near
 * the optimum, and every other trial is far from those.
 */
const EARLY = 10;

/**
 * Moves completed trials that diverged to the failed ones. As observations they would bend the
 * surrogate everywhere; as failures they show where trials go wrong.
 */
export function withDivergedTrials<T extends StudyHistory>(history: T): T {
  const { completed, failed = [] } = history;
  const isOrdinary = ordinaryObjectives(history);
  const diverged = completed.filter(({ objective }) => !isOrdinary(objective));
  if (diverged.length === 0) return history;
  const ordinary = completed.filter(({ objective }) => isOrdinary(objective));
  return { ...history, completed: ordinary, failed: [...failed, ...diverged.map(({ values }) => values)] };
}

/** Moves completed trials of which an objective diverged to the failed ones. */
export function withDivergedOutcomes<T extends StudyHistory>(history: T, { objectives }: Aims): T {
  const { completed, failed = [] } = history;
  const checks = objectives.map(({ name, goal }) => {
    const isOrdinary = ordinaryObjectives(outcomeHistory(history, name, goal));
    return (trial: Observation) => isOrdinary(outcomeOf(trial, name));
  });
  const isOrdinary = (trial: Observation) => checks.every((check) => check(trial));
  const diverged = completed.filter((trial) => !isOrdinary(trial)).map(({ values }) => values);
  if (diverged.length === 0) return history;
  return { ...history, completed: completed.filter(isOrdinary), failed: [...failed, ...diverged] };
}

/**
 * Returns the trials that did not diverge by comparison with a history; all of them if all did.
 *
 * @param history - the observations that a surrogate is fitted to
 */
export function ordinaryTrials<T extends { readonly objective: number }>(
  trials: readonly T[],
  history: StudyHistory,
): readonly T[] {
  const isOrdinary = ordinaryObjectives(history);
  const ordinary = trials.filter(({ objective }) => isOrdinary(objective));
  return ordinary.length > 0 ? ordinary : trials;
}

/** Returns a predicate that accepts the objectives of trials that did not diverge. */
export function ordinaryObjectives({
  completed,
  goal,
}: Pick<StudyHistory, "completed" | "goal">): (objective: number) => boolean {
  if (completed.length < COMPLETED_MIN) return () => true;
  const { size, best, distances } = distancesOf(scoresOf(completed, goal));
  const limit = largestOrdinary(distances);
  return (objective) => best - scoreOf(objective, goal) / size <= limit;
}

/** Returns the distance d_i before the first step of the rule; Infinity if there is none. */
function largestOrdinary(distances: Float64Array): number {
  const median = upperMedian(distances.subarray(0, EARLY)) as number;
  if (median === 0) return Number.POSITIVE_INFINITY;
  const sorted = distances.filter((distance) => distance >= median).sort();
  const last = sorted.findIndex((d, i) => (sorted[i + 1] as number) / d > STEP_MIN * (d / median));
  return sorted[last] ?? Number.POSITIVE_INFINITY;
}
