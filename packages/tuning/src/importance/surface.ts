// What the model expects of the objective, as a function on the cube: the median of its belief, which unlike the mean does
// not run away where little is known.

import { multiplyLowerTransposed } from "../numeric/triangle.js";
import type { Goal } from "../objective/goal.js";
import type { SuggestionRequest } from "../oracle/contract/oracle.js";
import { isInRegion } from "../space/constraint/region.js";
import { type DesignSpace, designSpace } from "../space/design-space.js";
import { correlation } from "../surrogate/gaussian-process/matern.js";
import type { Posterior } from "../surrogate/gaussian-process/posterior.js";
import { withDivergedTrials } from "../surrogate/observation/diverged-trials.js";
import { objectiveAt, type Units } from "../surrogate/observation/objective-units.js";
import { processOf } from "../surrogate/surrogate.js";
import type { SampledFunction } from "./sobol-indices.js";

/** The model's expectation over the region of a request. */
export interface Surface extends SampledFunction {
  /** Standard deviation of a measurement's error at a point, in the objective's units. */
  noiseSdAt(point: Float64Array): number;
}

/** Fewer observations say nothing about the size of the objective's differences. */
const OBSERVATIONS_MIN = 3;

/** @returns undefined if there are too few completed trials for a model, or no parameter varies */
export function surfaceOf(request: SuggestionRequest): Surface | undefined {
  const design = designSpace(request.space);
  const d = design.dimensions.length;
  if (request.completed.length < OBSERVATIONS_MIN || d === 0) return undefined;
  const process = processOf({ ...withDivergedTrials(request), pending: [] }, design);
  if (process === undefined) return undefined;
  const { posterior, warped, sample, parameters } = process;
  const units: Units = { warped, scale: sample.scale, goal: request.goal };
  const targetAt = expectation(posterior);
  const noiseSd = Math.sqrt(parameters.noiseVariance);
  return {
    d,
    valueAt: (point) => {
      const settled = settledIn(request, design, point);
      return settled === undefined ? undefined : objectiveAt(units, targetAt(settled));
    },
    noiseSdAt: (point) => {
      const target = targetAt(design.settle(point));
      return Math.abs(objectiveAt(units, target + noiseSd) - objectiveAt(units, target - noiseSd)) / 2;
    },
  };
}

/** Inactive parameters take their neutral coordinate: what they are set to makes no difference. */
function settledIn(request: SuggestionRequest, design: DesignSpace, point: Float64Array): Float64Array | undefined {
  const settled = design.settle(point);
  const isConstrained = (request.constraints ?? []).length > 0;
  return isConstrained && !isInRegion(request, design.decode(settled)) ? undefined : settled;
}

/** The posterior mean alone, which costs n instead of n²: kᵀ K⁻¹ y. */
function expectation({ points, parameters, inverseFactor, whitenedTargets }: Posterior) {
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

/** A surface whose values are never worse than a cap. */
export function cappedAt(surface: Surface, cap: number, goal: Goal): SampledFunction {
  const better = goal === "maximize" ? Math.max : Math.min;
  return {
    d: surface.d,
    valueAt: (point) => {
      const value = surface.valueAt(point);
      return value === undefined ? undefined : better(value, cap);
    },
  };
}

/** The median of a surface over points; those outside the region are left out. 0 if all are. */
export function medianOf(surface: Surface, points: readonly Float64Array[]): number {
  const values = points.flatMap((point) => surface.valueAt(point) ?? []).sort((a, b) => a - b);
  return values[Math.floor(values.length / 2)] ?? 0;
}
