// The posterior of the Gaussian process given observations, in whitened form.
//
//   K   covariance of the points, with noise, see covariance.ts    packed, n rows
//   L   Cholesky factor of K                                       packed, n rows
//   x   point of the prediction                                    shape (d,)
//   m   prior mean, see mean-function.ts
//   k   covariances of the points with x                           shape (n,)
//   v   L⁻¹ k                                                      shape (n,)
//   y   targets                                                    shape (observations,)
//   z   L⁻¹ (y - m)                                                shape (n,)
//
//   mean(x)     = m(x) + vᵀ z
//   variance(x) = signal + detail + mean variance - vᵀ v           of the function, without noise
//
// Pending points, which have no targets, may follow the observed points; z is 0 there. Let the
// value observed at pending point i exceed its mean, given the points before it, by one standard
// deviation (with noise). Then mean(x) changes by entry i of v.
//
// Rasmussen, Williams, eqs. 2.25 and 2.26.

import { factorizeWithJitter } from "../../numeric/cholesky.js";
import { invertLower, multiplyLower, multiplyLowerTransposed, packedLength } from "../../numeric/triangle.js";
import { dot } from "../../numeric/vector.js";
import { whitenEach } from "./batched-correlations.js";
import { fillCovariance, PriorCovariance } from "./covariance.js";
import { correlation, correlationSlope, detailCorrelation } from "./matern.js";
import { priorMean, withoutPriorMean } from "./mean-function.js";
import type { KernelParameters, PointSet } from "./model.js";

/** The normal distribution of the function's value at a point. */
export interface Prediction {
  readonly mean: number;
  /** Variance of the function without noise; above 0. */
  readonly variance: number;
}

/**
 * Smallest variance of a prediction, relative to the signal variance. Rounding errors could make
 * smaller variances negative.
 */
const VARIANCE_SHARE_MIN = 1e-12;

/** A conditioned Gaussian process. The arrays that its methods return belong to the caller. */
export class Posterior {
  readonly points: PointSet;
  readonly parameters: KernelParameters;
  /** L⁻¹; packed, n rows. */
  readonly inverseFactor: Float64Array;
  /** z; shape (n,). */
  readonly whitenedTargets: Float64Array;
  /** Inverse squared length scales; shape (d,). */
  readonly #prior: PriorCovariance;
  readonly #weights: Float64Array;
  /** 1 for nominal dimensions, 0 for others; shape (d,). */
  readonly #isNominal: Float64Array;
  /** Squared distances s of the points from `#latest`; shape (n,). */
  readonly #distances: Float64Array;
  /** The point of the latest covariances; undefined before the first. */
  #latest: Float64Array | undefined;
  readonly #covariances: Float64Array;
  readonly #solved: Float64Array;

  constructor(points: PointSet, parameters: KernelParameters, [inverseFactor, targets]: [Float64Array, Float64Array]) {
    const n = points.count;
    this.points = points;
    this.parameters = parameters;
    this.#prior = new PriorCovariance(parameters);
    this.inverseFactor = inverseFactor;
    this.#weights = parameters.lengthScales.map((length) => 1 / (length * length));
    this.#isNominal = Float64Array.from(points.kinds, ({ isNominal }) => (isNominal ? 1 : 0));
    this.#distances = new Float64Array(n);
    this.#covariances = new Float64Array(n);
    this.#solved = new Float64Array(n);
    this.whitenedTargets = new Float64Array(n);
    const padded = new Float64Array(n);
    padded.set(withoutPriorMean(parameters, points, targets));
    multiplyLower(inverseFactor, padded, this.whitenedTargets);
    this.whitenedTargets.fill(0, targets.length);
  }

  /** Returns mean and variance at a point of shape (d,). */
  predict(point: Float64Array): Prediction {
    const whitened = this.whiten(point);
    return { mean: this.meanOf(point, whitened), variance: this.varianceOf(whitened) };
  }

  /** Returns v at a point; shape (n,). */
  whiten(point: Float64Array): Float64Array {
    this.#fillCovariances(point, this.#covariances);
    const whitened = new Float64Array(this.points.count);
    multiplyLower(this.inverseFactor, this.#covariances, whitened);
    return whitened;
  }

  /** Returns v at each of several points; same bits as `whiten` point by point, in less time. */
  whitenEach(points: readonly Float64Array[]): Float64Array[] {
    const { signalVariance, meanVariance = 0 } = this.parameters;
    if (this.#prior.hasDetail || points.length < 2) return points.map((point) => this.whiten(point));
    const { coordinates } = this.points;
    const [nominal, weights, inverseFactor] = [this.#isNominal, this.#weights, this.inverseFactor];
    return whitenEach({ coordinates, nominal, weights, signalVariance, meanVariance, inverseFactor }, points);
  }

  /** Computes k at a point, and keeps the squared distances for `gradient`. */
  #fillCovariances(point: Float64Array, covariances: Float64Array): void {
    this.#latest = point.slice();
    const { coordinates } = this.points;
    const d = point.length;
    const prior = this.#prior;
    for (let i = 0, at = 0; i < covariances.length; i++) {
      let [s, total] = [0, 0];
      for (let k = 0; k < d; k++, at++) {
        const difference = (point[k] as number) - (coordinates[at] as number);
        const isNominal = this.#isNominal[k] === 1;
        const square = isNominal ? Number(difference !== 0) : difference * difference;
        s += (this.#weights[k] as number) * square;
        total += square;
      }
      this.#distances[i] = s;
      covariances[i] = prior.between(correlation(s), prior.hasDetail ? detailCorrelation(total, d) : 0);
    }
  }

  /**
   * Returns the mean at a point.
   *
   * @param whitened - v at the point
   */
  meanOf(point: Float64Array, whitened: Float64Array): number {
    const { kinds } = this.points;
    return priorMean(this.parameters, { kinds, coordinates: point }) + dot(whitened, this.whitenedTargets);
  }

  /**
   * Returns the variance at a point.
   *
   * @param whitened - v at the point
   */
  varianceOf(whitened: Float64Array): number {
    const least = VARIANCE_SHARE_MIN * this.parameters.signalVariance;
    return Math.max(this.#prior.variance - dot(whitened, whitened), least);
  }

  /**
   * Returns the gradient of a function of v with respect to the point. The detail variance must be
   * 0. Reuses the distances if the point is the latest one.
   *
   * @param point - shape (d,)
   * @param byWhitened - gradient of the function with respect to v, shape (n,)
   * @returns shape (d,); 0 in nominal dimensions
   */
  gradient(point: Float64Array, byWhitened: Float64Array): Float64Array {
    const { coordinates } = this.points;
    const d = point.length;
    if (!isSamePoint(point, this.#latest)) this.#fillCovariances(point, this.#covariances);
    multiplyLowerTransposed(this.inverseFactor, byWhitened, this.#solved);
    const gradient = new Float64Array(d);
    for (let i = 0, at = 0; i < this.#solved.length; i++) {
      const slope = (this.#solved[i] as number) * correlationSlope(this.#distances[i] as number);
      for (let k = 0; k < d; k++, at++) {
        gradient[k] = (gradient[k] as number) + slope * ((point[k] as number) - (coordinates[at] as number));
      }
    }
    const scale = 2 * this.parameters.signalVariance;
    for (let k = 0; k < d; k++) {
      const isNominal = this.#isNominal[k] === 1;
      gradient[k] = isNominal ? 0 : scale * (this.#weights[k] as number) * (gradient[k] as number);
    }
    return gradient;
  }
}

/**
 * Conditions the Gaussian process on observations.
 *
 * @param points - the observed points, followed by the pending points
 * @param targets - y, one target for each observed point
 * @returns undefined if K cannot be factorised
 */
export function conditionOn(
  points: PointSet,
  targets: Float64Array,
  parameters: KernelParameters,
): Posterior | undefined {
  const n = points.count;
  const matrix = new Float64Array(packedLength(n));
  const factor = new Float64Array(packedLength(n));
  fillCovariance(points, parameters, matrix);
  if (!factorizeWithJitter(matrix, n, factor)) return undefined;
  invertLower(factor, n, matrix);
  return new Posterior(points, parameters, [matrix, targets]);
}

function isSamePoint(a: Float64Array, b: Float64Array | undefined): boolean {
  return b !== undefined && a.every((x, k) => x === b[k]);
}
