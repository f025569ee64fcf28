import type { Goal } from "../../plan/training-plan.js";
import type { SuggestionRequest } from "../oracle.js";
import { distancesOf, scoresOf } from "./training-set.js";

/**
 * In the order of distances from the best objective, the step to a trial is the ratio of its distance to that of the one before. It
 * diverged if the step is so many times the ratio of that one's distance to the median of the early ones: functions that rise by
 * orders of magnitude have high steps too, but from trials that have risen already.
 */
const STEP_MIN = 100;
/** With fewer, any step may be the function's own. */
const COMPLETED_MIN = 5;
/** Trials that still spread over the space; later ones crowd where they are good, and of those any other is far off. */
const EARLY = 10;

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
 * The trials that did not diverge, in their order: those before the first step in their objectives, beyond the median of the early
 * ones, that no smooth function has.
 *
 * @param trials - in the order of their numbers
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
  const early = distances.slice(0, EARLY).sort();
  const least = early[Math.floor(early.length / 2)] as number;
  if (least === 0) return Number.POSITIVE_INFINITY;
  const worse = distances.filter((distance) => distance >= least).sort();
  const last = worse.findIndex((distance, i) => (worse[i + 1] as number) / distance > STEP_MIN * (distance / least));
  return worse[last] ?? Number.POSITIVE_INFINITY;
}
