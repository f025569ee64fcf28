// Cases in which posterior means rank trials worse than the measured objectives do.
//
//   n    completed trials
//   d    dimensions of the space
//   y_m  objective of the best measured trial
//   y_p  objective of the trial of the best posterior mean
//
// The posterior explains differences between few observations as noise, whose prior is wide. Where
// objectives are exact, as those of many programs are, y_p may be far worse than y_m.

import type { Observation, StudyHistory } from "../objective/observation.js";
import { designSpace } from "../space/design-space.js";

/**
 * Observations beyond the number of dimensions from which on posterior means rank trials. With up
 * to d + 2 observations, the best measured trial has the smaller mean regret on the functions of
 * Branin (noise of standard deviation 0, 1 and 5), Rosenbrock and Levy. On the lab sheet's case it
 * has the same.
 */
const OBSERVATIONS_BEYOND_DIMENSIONS_MIN = 3;

/**
 * Ratio of the magnitudes of y_p and y_m from which on noise does not explain their difference.
 * Noise of equal variance that makes an objective three times too small would make others
 * negative. On six functions without noise, 3 % of the choices by posterior mean after 3 to 12
 * trials had ten times the regret of the best measured trial. With this limit no choice had.
 */
const RATIO_MAX = 3;

/** The reason why the best measured trial is preferred. */
export type MisplacedTrust = "few-trials" | "ratio";

/**
 * Returns the reason why the best measured trial is preferred to the trial of the best posterior
 * mean; undefined if there is none. A history that states its noise, or measures it by executions,
 * gives no reason.
 *
 * @param trials - the compared trials
 * @param pair - the best measured trial, and the trial of the best posterior mean
 */
export function misplacedTrust(
  { completed, space }: StudyHistory,
  trials: readonly Observation[],
  { measured, expected }: { readonly measured: Observation; readonly expected: Observation },
): MisplacedTrust | undefined {
  if (measured.objective === expected.objective) return undefined;
  if (completed.some(({ noiseVariance, executions }) => (noiseVariance ?? executions) !== undefined)) return undefined;
  const { length: dimensions } = designSpace(space).dimensions;
  if (completed.length < dimensions + OBSERVATIONS_BEYOND_DIMENSIONS_MIN) return "few-trials";
  const objectives = trials.map(({ objective }) => objective);
  const isOfOneSign = objectives.every((value) => value >= 0) || objectives.every((value) => value <= 0);
  return isOfOneSign && ratioOf(measured.objective, expected.objective) > RATIO_MAX ? "ratio" : undefined;
}

/** Returns the ratio of the larger of two magnitudes to the smaller, at least 1. */
function ratioOf(a: number, b: number): number {
  const [small, large] = [Math.abs(a), Math.abs(b)].sort((x, y) => x - y) as [number, number];
  return small === large ? 1 : large / small;
}
