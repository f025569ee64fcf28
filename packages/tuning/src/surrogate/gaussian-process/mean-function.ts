// The prior mean of the function: a quadratic that falls towards the border of the unit cube.
//
//   x   point of the unit cube; only its d coordinates that are
//       neither nominal nor conditional                             shape (d,)
//   σ   min(1, √signal): 1 is the standard deviation of the targets
//   ρ   curvature, without unit
//   b   Σ_k ((x_k - 1/2)² - 1/12) / √(d / 180): mean 0 and variance 1 over the cube
//   m   prior mean -ρ σ b                                           in units of the targets
//
// A stationary process has its best value too often near the border: on a line, half of the
// functions drawn from the prior have it in the outer fifth. With much noise, a study would then
// select trials at the border. Users choose ranges around the values that they expect to be good.
// With the quadratic, the best value is about equally likely everywhere. The bound of σ keeps a
// large signal variance from increasing the quadratic as well.
//
// Siivola, Vehtari, Vanhatalo, González, Andersen, Correcting boundary over-exploration
// deficiencies in Bayesian optimization with virtual derivative sign observations, 2018, give the
// reasons and another method.

import type { KernelParameters, PointSet } from "./model.js";

/**
 * ρ. Of the functions on a line drawn from the prior, a fifth have their best value in the outer
 * fifth of the range. The share is 51 % for ρ = 0, 25 % for ρ = 0.1, and 9 % for ρ = 0.25.
 */
export const MEAN_CURVATURE = 0.13;
const TARGET_VARIANCE = 1;

/**
 * Returns the prior mean m at a point of a set; 0 if `meanCurvature` is absent. Nominal dimensions
 * do not count, because they have no border. Conditional dimensions do not count: an inactive
 * parameter has a neutral coordinate, usually near the middle, which would raise the mean.
 *
 * @param start - index of the point's first coordinate in `coordinates`
 */
export function priorMean(
  { meanCurvature = 0, signalVariance }: Pick<KernelParameters, "meanCurvature" | "signalVariance">,
  { kinds, coordinates }: Pick<PointSet, "kinds" | "coordinates">,
  start = 0,
): number {
  if (meanCurvature === 0) return 0;
  let [sum, d] = [0, 0];
  for (let k = 0; k < kinds.length; k++) {
    if (kinds[k]?.isNominal === true || kinds[k]?.isConditional === true) continue;
    sum += ((coordinates[start + k] as number) - 0.5) ** 2 - 1 / 12;
    d++;
  }
  const sd = Math.sqrt(Math.min(TARGET_VARIANCE, signalVariance));
  return d === 0 ? 0 : (-meanCurvature * sd * sum) / Math.sqrt(d / 180);
}

/**
 * Subtracts the prior mean from targets.
 *
 * @param targets - targets of the first points of the set, shape (targets,)
 * @returns shape (targets,)
 */
export function withoutPriorMean(parameters: KernelParameters, points: PointSet, targets: Float64Array): Float64Array {
  return targets.map((target, i) => target - priorMean(parameters, points, i * points.kinds.length));
}
