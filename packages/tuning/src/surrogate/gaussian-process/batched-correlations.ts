// Correlations of many pairs or points at a time, by the kernels of numeric/kernels: the same numbers as those of matern.ts.

import { kernels, room } from "../../numeric/kernels/kernels.js";

/** Points whose covariances are computed at a time. */
const LANES = 4;

/** Of pairs of points. */
export interface PairCorrelations {
  /** Receives the correlations; shape (pairs,). */
  readonly correlations: Float64Array;
  /** Receives their derivatives by the squared distance; shape (pairs,). */
  readonly slopes: Float64Array;
}

/**
 * Matérn correlations of pairs.
 *
 * @param differences - squared, shape (d, pairs)
 * @param weights - inverse squared length scales, shape (d,)
 */
export function correlatePairs(differences: Float64Array, weights: Float64Array, to: PairCorrelations): void {
  const [d, count] = [weights.length, to.correlations.length];
  const [from, w, squares, slopes, values] = room(differences.length, d, count, count, count);
  from.set(differences);
  w.set(weights);
  kernels.distances(from.byteOffset, w.byteOffset, squares.byteOffset, slopes.byteOffset, d, count);
  decay(slopes, values);
  kernels.correlations(squares.byteOffset, slopes.byteOffset, values.byteOffset, count);
  to.correlations.set(values);
  to.slopes.set(slopes);
}

/** Points of a process. */
export interface WhitenedSet {
  /** Shape (n, d). */
  readonly coordinates: Float64Array;
  /** Not 0 for nominal dimensions; shape (d,). */
  readonly nominal: Float64Array;
  /** Inverse squared length scales, shape (d,). */
  readonly weights: Float64Array;
  readonly signalVariance: number;
  readonly meanVariance: number;
  /** L⁻¹, packed, n rows. */
  readonly inverseFactor: Float64Array;
}

/** L⁻¹ k for the covariances k of a set with each of some points, of shape (d,); each of shape (n,). */
export function whitenEach(set: WhitenedSet, points: readonly Float64Array[]): Float64Array[] {
  const d = set.weights.length;
  const n = set.coordinates.length / d;
  const lengths = [set.inverseFactor.length, n * d, d, d, LANES * d, LANES * n, LANES * n, LANES * n] as const;
  const [lower, coordinates, weights, nominal, four, squares, slopes, panel] = room(...lengths);
  lower.set(set.inverseFactor);
  coordinates.set(set.coordinates);
  weights.set(set.weights);
  nominal.set(set.nominal);
  const [w, no, to, roots] = [weights.byteOffset, nominal.byteOffset, squares.byteOffset, slopes.byteOffset];
  const whitened: Float64Array[] = [];
  for (let first = 0; first < points.length; first += LANES) {
    const some = points.slice(first, first + LANES);
    some.forEach((point, lane) => {
      for (let k = 0; k < d; k++) four[k * LANES + lane] = point[k] as number;
    });
    kernels.distancesToFour(coordinates.byteOffset, four.byteOffset, w, no, to, roots, n, d);
    decay(slopes, panel);
    kernels.correlations(to, roots, panel.byteOffset, LANES * n);
    kernels.affine(panel.byteOffset, LANES * n, set.signalVariance, set.meanVariance);
    kernels.multiplyFour(lower.byteOffset, panel.byteOffset, n);
    for (const lane of some.keys()) whitened.push(laneOf(panel, lane, n));
  }
  return whitened;
}

/** The exponential is JavaScript's own. */
function decay(roots: Float64Array, to: Float64Array): void {
  for (let i = 0; i < roots.length; i++) to[i] = Math.exp(-(roots[i] as number));
}

function laneOf(panel: Float64Array, lane: number, n: number): Float64Array {
  const values = new Float64Array(n);
  for (let i = 0; i < n; i++) values[i] = panel[i * LANES + lane] as number;
  return values;
}
