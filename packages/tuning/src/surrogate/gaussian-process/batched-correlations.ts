// Matérn correlations of many pairs or points in one call of the WebAssembly kernels. The results
// are the same to the bit as those of matern.ts.
//
//   Δ²   squared differences of pairs by dimension     shape (d, pairs)
//   w    inverse squared length scales                 shape (d,)
//   s    squared distances Σ_k w_k Δ²_k                shape (pairs,)
//   c    correlations c(s), see matern.ts              shape (pairs,)
//   k    covariances of n points with one point x      shape (n,)
//   L    Cholesky factor of the n points' covariance   packed, n rows
//   v    L⁻¹ k                                         shape (n,)

import { kernels, room } from "../../numeric/kernels/kernels.js";

/** Number of points x that one kernel call processes. */
const LANES = 4;

/** The arrays that receive the results of `correlatePairs`. */
export interface PairCorrelations {
  /** Receives c; shape (pairs,). */
  readonly correlations: Float64Array;
  /** Receives ∂c/∂s; shape (pairs,). */
  readonly slopes: Float64Array;
}

/**
 * Computes the Matérn correlations of pairs and their derivatives.
 *
 * @param differences - Δ², shape (d, pairs)
 * @param weights - w, shape (d,)
 */
export function correlatePairs(differences: Float64Array, weights: Float64Array, to: PairCorrelations): void {
  const [d, count] = [weights.length, to.correlations.length];
  const [from, w, squares, slopes, values] = room(differences.length, d, count, count, count);
  from.set(differences);
  w.set(weights);
  kernels.distances(from.byteOffset, w.byteOffset, squares.byteOffset, slopes.byteOffset, d, count);
  fillExponentials(slopes, values);
  kernels.correlations(squares.byteOffset, slopes.byteOffset, values.byteOffset, count);
  to.correlations.set(values);
  to.slopes.set(slopes);
}

/** The n points of a Gaussian process with its parameters. */
export interface WhitenedSet {
  /** Shape (n, d). */
  readonly coordinates: Float64Array;
  /** 1 for nominal dimensions, 0 for others; shape (d,). */
  readonly nominal: Float64Array;
  /** w; shape (d,). */
  readonly weights: Float64Array;
  readonly signalVariance: number;
  readonly meanVariance: number;
  /** L⁻¹, packed, n rows. */
  readonly inverseFactor: Float64Array;
}

/**
 * Returns v at each of several points.
 *
 * @param points - each of shape (d,)
 * @returns arrays of shape (n,), in the order of the points
 */
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
    fillExponentials(slopes, panel);
    kernels.correlations(to, roots, panel.byteOffset, LANES * n);
    kernels.affine(panel.byteOffset, LANES * n, set.signalVariance, set.meanVariance);
    kernels.multiplyFour(lower.byteOffset, panel.byteOffset, n);
    for (const lane of some.keys()) whitened.push(laneOf(panel, lane, n));
  }
  return whitened;
}

/**
 * Fills `to` with exp(-√5 √s). `Math.exp` computes the exponential, as in matern.ts: another
 * implementation could differ in the last bit.
 *
 * @param roots - √5 √s
 */
function fillExponentials(roots: Float64Array, to: Float64Array): void {
  for (let i = 0; i < roots.length; i++) to[i] = Math.exp(-(roots[i] as number));
}

function laneOf(panel: Float64Array, lane: number, n: number): Float64Array {
  const values = new Float64Array(n);
  for (let i = 0; i < n; i++) values[i] = panel[i * LANES + lane] as number;
  return values;
}
