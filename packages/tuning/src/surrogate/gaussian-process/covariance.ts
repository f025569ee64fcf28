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
  const { lengthScales, signalVariance, detailVariance = 0, meanVariance = 0 } = parameters;
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
      const detail = detailVariance > 0 ? detailVariance * detailCorrelation(square, d) : 0;
      matrix[next++] = signalVariance * correlation(s) + detail + meanVariance;
    }
    matrix[next++] = signalVariance + detailVariance + meanVariance + noiseAt(parameters, i);
  }
}
