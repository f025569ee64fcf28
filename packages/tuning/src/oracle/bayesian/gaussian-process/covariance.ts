// Covariances between the points of a training set. Pairs (i, j) with j < i are kept in one list: pair (i, j) is entry
// i (i - 1) / 2 + j.

import { correlation, type DimensionKind, squaredDifference } from "./matern.js";
import type { KernelParameters, TrainingSet } from "./model.js";

/** Squared differences of every pair, dimension by dimension; shape (pairs, d). */
export function pairDifferences({ kinds, points }: TrainingSet): Float64Array {
  const d = kinds.length;
  const differences = new Float64Array(((points.length * (points.length - 1)) / 2) * d);
  let next = 0;
  for (let i = 0; i < points.length; i++) {
    for (let j = 0; j < i; j++) {
      const a = points[i] as Float64Array;
      const b = points[j] as Float64Array;
      for (let k = 0; k < d; k++) {
        differences[next++] = squaredDifference(kinds[k] as DimensionKind, a[k] as number, b[k] as number);
      }
    }
  }
  return differences;
}

/** Squared distance of every pair; shape (pairs,). */
export function pairDistances(differences: Float64Array, lengthScales: Float64Array): Float64Array {
  const d = lengthScales.length;
  const weights = lengthScales.map((length) => 1 / (length * length));
  const distances = new Float64Array(differences.length / d);
  for (let pair = 0; pair < distances.length; pair++) {
    let sum = 0;
    for (let k = 0; k < d; k++) sum += (weights[k] as number) * (differences[pair * d + k] as number);
    distances[pair] = sum;
  }
  return distances;
}

/** The covariance matrix of noisy observations at n points; shape (n, n). */
export function covarianceMatrix(n: number, distances: Float64Array, parameters: KernelParameters): Float64Array {
  const { signalVariance, noiseVariance } = parameters;
  const matrix = new Float64Array(n * n);
  let pair = 0;
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < i; j++) {
      const covariance = signalVariance * correlation(distances[pair++] as number);
      matrix[i * n + j] = covariance;
      matrix[j * n + i] = covariance;
    }
    matrix[i * n + i] = signalVariance + noiseVariance;
  }
  return matrix;
}
