import type { Goal } from "../../plan/training-plan.js";
import type { SuggestionRequest } from "../oracle.js";
import { distancesOf, scoresOf } from "./training-set.js";

/**
 * How many times farther from the best objective than the one before a trial is that diverged, in the order of objectives.
 * Between the worse halves of trials of functions that span orders of magnitude no step was above 30, from the fifth trial on.
 */
const STEP_MIN = 100;
/** With fewer, any step may be the function's own. */
const COMPLETED_MIN = 5;

/**
 * The request with trials that diverged among the failed ones. As observations they would bend the process wherever they lie; as
 * failures they tell where trials go wrong, or that it was an accident.
 */
export function withDivergedTrials(request: SuggestionRequest): SuggestionRequest {
  const { completed, failed = [], goal } = request;
  const ordinary = ordinaryTrials(completed, goal);
  if (ordinary.length === completed.length) return request;
  const kept = new Set(ordinary);
  const diverged = completed.filter((trial) => !kept.has(trial));
  return { ...request, completed: ordinary, failed: [...failed, ...diverged.map(({ values }) => values)] };
}

/**
 * The trials that did not diverge, in their order: those before the first step in the worse half of their objectives that no
 * smooth function has. At least half of them.
 */
export function ordinaryTrials<T extends { readonly objective: number }>(
  trials: readonly T[],
  goal: Goal,
): readonly T[] {
  if (trials.length < COMPLETED_MIN) return trials;
  const { distances } = distancesOf(scoresOf(trials, goal));
  const limit = largestOrdinary(distances);
  return trials.filter((_, i) => (distances[i] as number) <= limit);
}

/** The distance before the first step that is too high. */
function largestOrdinary(distances: Float64Array): number {
  const worse = distances.toSorted().slice(Math.floor(distances.length / 2));
  const last = worse.findIndex((distance, i) => distance > 0 && (worse[i + 1] as number) > STEP_MIN * distance);
  return worse[last] ?? Number.POSITIVE_INFINITY;
}
