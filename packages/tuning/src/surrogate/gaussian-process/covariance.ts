// The covariance matrix of noisy observations at the points of a set.
//
//   n     number of points
//   d     number of dimensions
//   Δ     difference of two points in one dimension, see matern.ts
//   s     Σ_k Δ_k² / ℓ_k²
//   K     covariance matrix       packed as in numeric/triangle.ts, n rows
//
//   K_ij = signal c(s) + detail c_detail(Σ_k Δ_k²) + mean          for i ≠ j
//   K_ii = signal + detail + mean + noise_i
//
// Pair (i, j), j < i, has index i (i - 1) / 2 + j in arrays of shape (pairs,).

import { correlation, type DimensionKind, detailCorrelation, squaredDifference } from "./matern.js";
import { type KernelParameters, noiseAt, type PointSet } from "./model.js";

/** The prior covariance of the function f: the sum of signal, detail and mean. */
export class PriorCovariance {
  readonly #signal: number;
  readonly #detail: number;
  readonly #mean: number;
  /** Prior variance of f at a point: signal + detail + mean. */
  readonly variance: number;
  /** True if f has detail, so that `between` needs its correlation. */
  readonly hasDetail: boolean;

  constructor({ signalVariance, detailVariance = 0, meanVariance = 0 }: KernelParameters) {
    this.#signal = signalVariance;
    this.#detail = detailVariance;
    this.#mean = meanVariance;
    this.variance = signalVariance + detailVariance + meanVariance;
    this.hasDetail = detailVariance > 0;
  }

  /**
   * Returns the covariance of f at two points.
   *
   * @param signal - c(s), in [0, 1]
   * @param detail - c_detail, in [0, 1]; 0 if f has no detail
   */
  between(signal: number, detail: number): number {
    return this.#signal * signal + this.#detail * detail + this.#mean;
  }
}

/** Returns Δ² of each pair by dimension; shape (d, pairs). */
export function pairDifferences({ kinds, count, coordinates }: PointSet): Float64Array {
  const d = kinds.length;
  const differences = new Float64Array(((count * (count - 1)) / 2) * d);
  let next = 0;
  kinds.forEach((kind, k) => {
    for (let i = 0; i < count; i++) {
      const a = coordinates[i * d + k] as number;
      for (let j = 0; j < i; j++) differences[next++] = squaredDifference(kind, a, coordinates[j * d + k] as number);
    }
  });
  return differences;
}

/**
 * Fills a matrix with the covariances of noisy observations.
 *
 * @param matrix - receives K; packed, n rows
 */
export function fillCovariance(
  { kinds, count, coordinates }: PointSet,
  parameters: KernelParameters,
  matrix: Float64Array,
): void {
  const { lengthScales } = parameters;
  const prior = new PriorCovariance(parameters);
  const d = kinds.length;
  let next = 0;
  for (let i = 0; i < count; i++) {
    for (let j = 0; j < i; j++) {
      let [s, square] = [0, 0];
      for (let k = 0; k < d; k++) {
        const [a, b] = [coordinates[i * d + k] as number, coordinates[j * d + k] as number];
        const difference = squaredDifference(kinds[k] as DimensionKind, a, b);
        s += difference / (lengthScales[k] as number) ** 2;
        square += difference;
      }
      matrix[next++] = prior.between(correlation(s), prior.hasDetail ? detailCorrelation(square, d) : 0);
    }
    matrix[next++] = prior.variance + noiseAt(parameters, i);
  }
}
