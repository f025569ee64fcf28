// The joint posterior distribution of the function at m points, and draws from it.
//
//   μ     posterior means                                    shape (m,)
//   Σ     posterior covariance without noise, K - V Vᵀ       packed, m rows
//   K     prior covariance of the m points                   packed, m rows
//   V     v at each point, see posterior.ts                  shape (m, n)
//   C     Cholesky factor of Σ                               packed, m rows
//   e     independent standard normal numbers                shape (m,)
//
// A draw of the function's values is μ + C e. Rasmussen, Williams, eq. 2.26.

import { factorizeWithJitter } from "../../numeric/cholesky.js";
import { multiplyLower, packedLength } from "../../numeric/triangle.js";
import { dot } from "../../numeric/vector.js";
import type { Random } from "../../random/random.js";
import { fillCovariance } from "./covariance.js";
import { pointSet } from "./model.js";
import type { Posterior } from "./posterior.js";

/** The multivariate normal distribution of the function's values at m points. */
export interface JointPrediction {
  /** μ; shape (m,). */
  readonly means: Float64Array;
  /** C; packed, m rows. */
  readonly factor: Float64Array;
}

/**
 * Returns the joint posterior distribution of the function's values. The cost is cubic in the
 * number of points.
 *
 * @param points - m points, each of shape (d,)
 * @returns undefined if Σ cannot be factorised because of rounding errors
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

/** Draws the function's values at the points of a prediction; shape (m,). */
export function drawJointly({ means, factor }: JointPrediction, random: Random): Float64Array {
  const shifts = new Float64Array(means.length);
  multiplyLower(
    factor,
    means.map(() => random.normal()),
    shifts,
  );
  return means.map((mean, i) => mean + (shifts[i] as number));
}
