import { factorizeWithJitter } from "../../numeric/cholesky.js";
import { multiplyLower, packedLength } from "../../numeric/triangle.js";
import type { Random } from "../../random/random.js";
import { fillCovariance } from "./covariance.js";
import { pointSet } from "./model.js";
import type { Posterior } from "./posterior.js";

/** The function's values at some points, normally distributed together. */
export interface JointPrediction {
  /** Shape (points,). */
  readonly means: Float64Array;
  /** Cholesky factor of their covariance, packed. */
  readonly factor: Float64Array;
}

/**
 * What a process believes of the function at several points at once: Rasmussen, Williams, eq. 2.26 with all covariances.
 *
 * @param points - each of shape (d,); the time grows with the cube of their number
 * @returns undefined if rounding leaves no covariance that can be factorised
 */
export function predictJointly(posterior: Posterior, points: readonly Float64Array[]): JointPrediction | undefined {
  const n = points.length;
  const covariance = new Float64Array(packedLength(n));
  const factor = new Float64Array(packedLength(n));
  const exact = { ...posterior.parameters, noiseVariance: 0, statedNoise: undefined };
  fillCovariance(pointSet(posterior.points.kinds, points), exact, covariance);
  const whitened = points.map((point) => posterior.whiten(point));
  for (let i = 0, at = 0; i < n; i++) {
    for (let j = 0; j <= i; j++, at++) {
      covariance[at] = (covariance[at] as number) - dot(whitened[i] as Float64Array, whitened[j] as Float64Array);
    }
  }
  if (!factorizeWithJitter(covariance, n, factor)) return undefined;
  return {
    means: Float64Array.from(points, (point, i) => posterior.meanOf(point, whitened[i] as Float64Array)),
    factor,
  };
}

/** One draw of the function's values at the points of a prediction; shape (points,). */
export function drawJointly({ means, factor }: JointPrediction, random: Random): Float64Array {
  const shifts = new Float64Array(means.length);
  multiplyLower(
    factor,
    means.map(() => random.normal()),
    shifts,
  );
  return means.map((mean, i) => mean + (shifts[i] as number));
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] as number) * (b[i] as number);
  return sum;
}
