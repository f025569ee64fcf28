// The process given its observations: Rasmussen, Williams, eqs. 2.25 and 2.26.
//
//   k   covariances of the points with x            shape (n,)
//   L   Cholesky factor of K, the points' covariance with noise
//   mean = kᵀ α, variance = signal - kᵀ K⁻¹ k, both of the function, without noise

import { factorizeWithJitter, solve, solveLower, solveLowerTransposed } from "../../../numeric/cholesky.js";
import { covarianceMatrix, pairDifferences, pairDistances } from "./covariance.js";
import { correlation, correlationSlope, squaredDistance } from "./matern.js";
import type { KernelParameters, TrainingSet } from "./model.js";

export interface Prediction {
  readonly mean: number;
  /** Of the function without noise; above 0. */
  readonly variance: number;
}

export interface PredictionWithGradient extends Prediction {
  /** Shape (d,); 0 in nominal dimensions. */
  readonly meanGradient: Float64Array;
  /** Shape (d,); 0 in nominal dimensions. */
  readonly varianceGradient: Float64Array;
}

export interface Posterior {
  predict(point: Float64Array): Prediction;
  predictWithGradient(point: Float64Array): PredictionWithGradient;
}

/** Smallest variance told, as a share of the signal variance: below it, rounding decides. */
const VARIANCE_SHARE_MIN = 1e-12;

/**
 * Conditions the process on observations.
 *
 * @returns undefined if the covariance matrix cannot be factorised
 */
export function conditionOn(data: TrainingSet, parameters: KernelParameters): Posterior | undefined {
  const n = data.points.length;
  const distances = pairDistances(pairDifferences(data), parameters.lengthScales);
  const factor = factorizeWithJitter(covarianceMatrix(n, distances, parameters), n);
  return factor === undefined ? undefined : new ConditionedProcess(data, parameters, factor);
}

class ConditionedProcess implements Posterior {
  readonly #data: TrainingSet;
  readonly #signalVariance: number;
  /** Inverse squared length scales. */
  readonly #weights: Float64Array;
  readonly #factor: Float64Array;
  readonly #alpha: Float64Array;

  constructor(data: TrainingSet, { lengthScales, signalVariance }: KernelParameters, factor: Float64Array) {
    this.#data = data;
    this.#signalVariance = signalVariance;
    this.#weights = lengthScales.map((length) => 1 / (length * length));
    this.#factor = factor;
    this.#alpha = solve(factor, data.targets);
  }

  predict(point: Float64Array): Prediction {
    const { mean, variance } = this.#predictFrom(this.#distancesTo(point));
    return { mean, variance };
  }

  predictWithGradient(point: Float64Array): PredictionWithGradient {
    const distances = this.#distancesTo(point);
    const { mean, variance, half } = this.#predictFrom(distances);
    const slopes = distances.map((s) => 2 * this.#signalVariance * correlationSlope(s));
    const solved = solveLowerTransposed(this.#factor, half);
    return {
      mean,
      variance,
      meanGradient: this.#gradient(point, slopes, this.#alpha),
      varianceGradient: this.#gradient(point, slopes, solved).map((slope) => -2 * slope),
    };
  }

  #distancesTo(point: Float64Array): Float64Array {
    const { kinds, points } = this.#data;
    return Float64Array.from(points, (other) => squaredDistance(kinds, this.#weights, [point, other]));
  }

  #predictFrom(distances: Float64Array): Prediction & { readonly half: Float64Array } {
    const k = distances.map((s) => this.#signalVariance * correlation(s));
    const half = solveLower(this.#factor, k);
    const variance = this.#signalVariance - dot(half, half);
    return { mean: dot(k, this.#alpha), variance: Math.max(variance, VARIANCE_SHARE_MIN * this.#signalVariance), half };
  }

  /** Σ coefficient · ∂k/∂x over the points; `slopes` are twice the derivatives of k by the squared distance. */
  #gradient(x: Float64Array, slopes: Float64Array, coefficients: Float64Array): Float64Array {
    const { kinds, points } = this.#data;
    return this.#weights.map((weight, i) => {
      if (kinds[i]?.isNominal) return 0;
      let sum = 0;
      for (let j = 0; j < points.length; j++) {
        const difference = (x[i] as number) - ((points[j] as Float64Array)[i] as number);
        sum += (coefficients[j] as number) * (slopes[j] as number) * difference;
      }
      return weight * sum;
    });
  }
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] as number) * (b[i] as number);
  return sum;
}
