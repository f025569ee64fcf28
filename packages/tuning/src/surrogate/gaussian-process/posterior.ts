// The process given its observations: Rasmussen, Williams, eqs. 2.25 and 2.26, in whitened form.
//
//   L   Cholesky factor of K, the points' covariance with noise
//   k   covariances of the points with x            shape (n,)
//   v   L⁻¹ k                                       shape (n,)
//   z   L⁻¹ y                                       shape (n,)
//   mean = vᵀ z, variance = signal + detail - vᵀ v, both of the function, without noise
//
// Points whose values are not known yet may follow the observed ones: then the last entries of v say how a value there
// would move the mean at x, in units of what is not known of it.

import { factorizeWithJitter } from "../../numeric/cholesky.js";
import { invertLower, multiplyLower, multiplyLowerTransposed, packedLength } from "../../numeric/triangle.js";
import { whitenEach } from "./batched-correlations.js";
import { fillCovariance } from "./covariance.js";
import { correlation, correlationSlope, detailCorrelation } from "./matern.js";
import { priorMean, withoutPriorMean } from "./mean-function.js";
import type { KernelParameters, PointSet } from "./model.js";

export interface Prediction {
  readonly mean: number;
  /** Of the function without noise; above 0. */
  readonly variance: number;
}

/** Smallest variance told, as a share of the signal variance: below it, rounding decides. */
const VARIANCE_SHARE_MIN = 1e-12;

/** Reuses its memory from point to point: what a method returns in arrays holds until the next call. */
export class Posterior {
  readonly points: PointSet;
  readonly parameters: KernelParameters;
  /** L⁻¹, packed. */
  readonly inverseFactor: Float64Array;
  /** z; shape (points,). Zero for points without a target. */
  readonly whitenedTargets: Float64Array;
  readonly #weights: Float64Array;
  /** 1 for nominal dimensions, where different coordinates are at distance 1 (matern.ts). */
  readonly #isNominal: Float64Array;
  /** Squared distances of the points from the latest point asked for. */
  readonly #distances: Float64Array;
  /** The point of `#distances`; undefined before the first one. */
  #latest: Float64Array | undefined;
  readonly #covariances: Float64Array;
  readonly #solved: Float64Array;

  constructor(points: PointSet, parameters: KernelParameters, [inverseFactor, targets]: [Float64Array, Float64Array]) {
    const n = points.count;
    this.points = points;
    this.parameters = parameters;
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

  /** Mean and variance at a point of shape (d,). */
  predict(point: Float64Array): Prediction {
    const whitened = this.whiten(point);
    return { mean: this.meanOf(point, whitened), variance: this.varianceOf(whitened) };
  }

  /** Returns v at a point, shape (points,). */
  whiten(point: Float64Array): Float64Array {
    this.#fillCovariances(point, this.#covariances);
    const whitened = new Float64Array(this.points.count);
    multiplyLower(this.inverseFactor, this.#covariances, whitened);
    return whitened;
  }

  /** v at each of many points, in arrays of their own: sooner done than one by one, and the same. */
  whitenEach(points: readonly Float64Array[]): Float64Array[] {
    const { signalVariance, detailVariance = 0, meanVariance = 0 } = this.parameters;
    if (detailVariance > 0 || points.length < 2) return points.map((point) => this.whiten(point));
    const { coordinates } = this.points;
    const [nominal, weights, inverseFactor] = [this.#isNominal, this.#weights, this.inverseFactor];
    return whitenEach({ coordinates, nominal, weights, signalVariance, meanVariance, inverseFactor }, points);
  }

  /** Covariances of the points with one; its squared distances are kept. */
  #fillCovariances(point: Float64Array, covariances: Float64Array): void {
    this.#latest = point.slice();
    const { coordinates } = this.points;
    const d = point.length;
    const { signalVariance, detailVariance = 0, meanVariance = 0 } = this.parameters;
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
      const detail = detailVariance > 0 ? detailVariance * detailCorrelation(total, d) : 0;
      covariances[i] = signalVariance * correlation(s) + detail + meanVariance;
    }
  }

  /** The mean at a point, where v is as given. */
  meanOf(point: Float64Array, whitened: Float64Array): number {
    const { kinds } = this.points;
    return priorMean(this.parameters, { kinds, coordinates: point }) + dot(whitened, this.whitenedTargets);
  }

  /** The variance where v is as given. */
  varianceOf(whitened: Float64Array): number {
    const { signalVariance, detailVariance = 0, meanVariance = 0 } = this.parameters;
    return Math.max(
      signalVariance + detailVariance + meanVariance - dot(whitened, whitened),
      VARIANCE_SHARE_MIN * signalVariance,
    );
  }

  /**
   * Returns the gradient of a function of v with respect to the point. The process has no detail.
   * The distances of the latest point are reused.
   *
   * @param point - shape (d,)
   * @param byWhitened - gradient of the function with respect to v, shape (points,)
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
 * Conditions the process on observations.
 *
 * @param points - those observed, then those not known yet
 * @param targets - values observed at the first of the points
 * @returns undefined if the covariance matrix cannot be factorised
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

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] as number) * (b[i] as number);
  return sum;
}

function isSamePoint(a: Float64Array, b: Float64Array | undefined): boolean {
  return b !== undefined && a.every((x, k) => x === b[k]);
}
