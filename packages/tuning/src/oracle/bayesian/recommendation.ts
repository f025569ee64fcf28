import type { Goal } from "../../objective/goal.js";
import { beliefsAt } from "../../surrogate/belief/belief.js";
import { ordinaryObjectives } from "../../surrogate/observation/diverged-trials.js";
import type { SuggestionRequest } from "../contract/oracle.js";

/**
 * Share of the upper quartile of distances from the best expectation that is no difference: of objectives of all sizes, a
 * process sees none so small.
 */
const RESOLUTION = 1e-6;

/**
 * The completed trial whose expected objective is best, for the best measured one is partly luck; the best measured one
 * where there are too few for a model.
 *
 * @returns its place among the completed trials; undefined if there are none
 */
export function recommendedTrial(request: SuggestionRequest): number | undefined {
  const { completed, goal } = request;
  if (completed.length === 0) return undefined;
  const beliefs = beliefsAt(
    request,
    completed.map(({ values }) => values),
  );
  const isOrdinary = ordinaryObjectives(request);
  return bestExpected(
    completed.map(({ objective }, i) => ({
      objective,
      mean: (isOrdinary(objective) ? beliefs?.[i]?.mean : undefined) ?? objective,
    })),
    goal,
  );
}

/** A trial's objective as it was measured and as it is expected. */
export interface Expected {
  readonly objective: number;
  readonly mean: number;
}

/** The place of the best expectation; of the best measured among those that differ by next to nothing. */
export function bestExpected(trials: readonly Expected[], goal: Goal): number {
  const sign = goal === "maximize" ? 1 : -1;
  const means = trials.map(({ mean }) => sign * mean);
  const most = Math.max(...means);
  const distances = Float64Array.from(means, (mean) => most / 2 - mean / 2).sort();
  const enough = most - 2 * RESOLUTION * (distances[Math.floor(0.75 * distances.length)] as number);
  return trials.reduce((best, { objective }, i) => {
    if ((means[i] as number) < enough) return best;
    return best < 0 || sign * objective > sign * (trials[best] as Expected).objective ? i : best;
  }, -1);
}
