// The surrogate's posterior median of the objective, as a function on the unit cube.
//
// The conversion of targets to objectives is monotone, so the median of the objective is the
// converted posterior mean of the target. The mean of the objective is no alternative: it grows
// exponentially with the posterior variance, which is large far from the observations.

import { multiplyLowerTransposed } from "../numeric/triangle.js";
import { upperMedian } from "../numeric/vector.js";
import { type Goal, signOf } from "../objective/goal.js";
import type { SuggestionRequest } from "../oracle/contract/suggestion.js";
import { isInRegion } from "../space/constraint/region.js";
import { type DesignSpace, designSpace } from "../space/design-space.js";
import { correlation } from "../surrogate/gaussian-process/matern.js";
import type { Posterior } from "../surrogate/gaussian-process/posterior.js";
import { withDivergedTrials } from "../surrogate/observation/diverged-trials.js";
import { objectiveAtTarget, type Units } from "../surrogate/observation/objective-units.js";
import { fitSurrogate } from "../surrogate/surrogate.js";
import type { SampledFunction } from "./sobol-indices.js";

/** The posterior median of the objective over the region that a request's constraints allow. */
export interface Surface extends SampledFunction {
  /**
   * Returns the standard deviation of a single measurement's noise, in units of the objective.
   *
   * @param point - point of the unit cube, shape (d,)
   */
  noiseSdAt(point: Float64Array): number;
}

/** Smallest number of completed trials. Fewer do not determine the objective's variance. */
const OBSERVATIONS_MIN = 3;

/**
 * Fits the surrogate to the completed trials of a request and returns its posterior median.
 *
 * @returns undefined if there are fewer than three completed trials, if no parameter varies, or if
 * the surrogate cannot be fitted
 */
export function surfaceOf(request: SuggestionRequest): Surface | undefined {
  const design = designSpace(request.space);
  const d = design.dimensions.length;
  if (request.completed.length < OBSERVATIONS_MIN || d === 0) return undefined;
  const surrogate = fitSurrogate(withDivergedTrials(request), design);
  if (surrogate === undefined) return undefined;
  const { posterior, warped, sample, parameters } = surrogate;
  const units: Units = { warped, scale: sample.scale, goal: request.goal };
  const targetAt = posteriorMean(posterior);
  const noiseSd = Math.sqrt(parameters.noiseVariance);
  return {
    d,
    valueAt: (point) => {
      const settled = settledIn(request, design, point);
      return settled === undefined ? undefined : objectiveAtTarget(units, targetAt(settled));
    },
    noiseSdAt: (point) => {
      const target = targetAt(design.settle(point));
      const [above, below] = [objectiveAtTarget(units, target + noiseSd), objectiveAtTarget(units, target - noiseSd)];
      // Halved first: the difference of the largest numbers would overflow.
      return Math.abs(above / 2 - below / 2);
    },
  };
}

/**
 * Replaces the coordinates of inactive parameters, which have no effect, by neutral ones. Returns
 * undefined if the point violates the constraints.
 */
function settledIn(request: SuggestionRequest, design: DesignSpace, point: Float64Array): Float64Array | undefined {
  const settled = design.settle(point);
  const isConstrained = (request.constraints ?? []).length > 0;
  return isConstrained && !isInRegion(request, design.decode(settled)) ? undefined : settled;
}

/**
 * Returns the posterior mean kᵀ K⁻¹ y as a function of the point. With K⁻¹ y computed once, a call
 * costs O(n d); `predict`, which computes the variance too, costs O(n²).
 */
function posteriorMean({ points, parameters, inverseFactor, whitenedTargets }: Posterior) {
  const { kinds, count, coordinates } = points;
  const weights = new Float64Array(count);
  multiplyLowerTransposed(inverseFactor, whitenedTargets, weights);
  const { signalVariance, meanVariance = 0 } = parameters;
  const mean = meanVariance * weights.reduce((sum, weight) => sum + weight, 0);
  const inverseSquares = parameters.lengthScales.map((length) => 1 / (length * length));
  return (point: Float64Array): number => {
    let sum = 0;
    for (let i = 0, at = 0; i < count; i++) {
      let s = 0;
      for (let k = 0; k < kinds.length; k++, at++) {
        const difference = (point[k] as number) - (coordinates[at] as number);
        const square = kinds[k]?.isNominal ? Number(difference !== 0) : difference * difference;
        s += (inverseSquares[k] as number) * square;
      }
      sum += (weights[i] as number) * correlation(s);
    }
    return signalVariance * sum + mean;
  };
}

/** Exponents of the powers of two that are normal numbers. */
const [EXPONENT_MIN, EXPONENT_MAX] = [-1022, 1023];

/**
 * Returns the unit in which the values of a surface are near 1 or smaller, so that their squares
 * neither overflow nor vanish: a power of two, whose quotients are exact.
 */
export function unitOf(surface: Surface, points: readonly Float64Array[]): number {
  const sizes = points.map((point) => Math.abs(surface.valueAt(point) ?? 0));
  const largest = sizes.reduce((most, size) => Math.max(most, size), 0);
  if (largest === 0) return 1;
  return 2 ** Math.min(EXPONENT_MAX, Math.max(EXPONENT_MIN, Math.ceil(Math.log2(largest))));
}

/** Returns a surface with its values and deviations divided by a unit. */
export function inUnits(surface: Surface, unit: number): Surface {
  return {
    d: surface.d,
    valueAt: (point) => {
      const value = surface.valueAt(point);
      return value === undefined ? undefined : value / unit;
    },
    noiseSdAt: (point) => surface.noiseSdAt(point) / unit,
  };
}

/**
 * Returns a surface with its values limited by a cap.
 *
 * @param cap - objective that replaces every worse value
 */
export function cappedAt(surface: Surface, cap: number, goal: Goal): SampledFunction {
  const better = signOf(goal) > 0 ? Math.max : Math.min;
  return {
    d: surface.d,
    valueAt: (point) => {
      const value = surface.valueAt(point);
      return value === undefined ? undefined : better(value, cap);
    },
  };
}

/**
 * Returns the median of a surface over the points in its region.
 *
 * @returns the larger middle value for an even number of values; 0 if no point is in the region
 */
export function medianOf(surface: Surface, points: readonly Float64Array[]): number {
  return upperMedian(points.flatMap((point) => surface.valueAt(point) ?? [])) ?? 0;
}
