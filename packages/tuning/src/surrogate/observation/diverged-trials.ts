import { scoreOf } from "../../objective/goal.js";
import type { SuggestionRequest } from "../../oracle/contract/suggestion.js";
import { distancesOf, scoresOf } from "./observed-losses.js";

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
  const { completed, failed = [] } = request;
  const isOrdinary = ordinaryObjectives(request);
  const diverged = completed.filter(({ objective }) => !isOrdinary(objective));
  if (diverged.length === 0) return request;
  const ordinary = completed.filter(({ objective }) => isOrdinary(objective));
  return { ...request, completed: ordinary, failed: [...failed, ...diverged.map(({ values }) => values)] };
}

/**
 * The trials that may be the best by what is believed of them: none that diverged, of which beliefs know nothing; all, if they all did.
 *
 * @param known - what beliefs are made of
 */
export function believable<T extends { readonly objective: number }>(
  trials: readonly T[],
  known: SuggestionRequest,
): readonly T[] {
  const isOrdinary = ordinaryObjectives(known);
  const ordinary = trials.filter(({ objective }) => isOrdinary(objective));
  return ordinary.length > 0 ? ordinary : trials;
}

/**
 * Whether an objective is none of a trial that diverged: it lies before the first step among the objectives of the completed trials,
 * beyond the median of the early ones, that no smooth function has.
 */
export function ordinaryObjectives({ completed, goal }: SuggestionRequest): (objective: number) => boolean {
  if (completed.length < COMPLETED_MIN) return () => true;
  const { size, best, distances } = distancesOf(scoresOf(completed, goal));
  const limit = largestOrdinary(distances);
  return (objective) => best - scoreOf(objective, goal) / size <= limit;
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
