// Cholesky factors and linear systems of symmetric positive definite matrices.
//
//   A      symmetric positive definite matrix of n rows       packed as in triangle.ts
//   L      Cholesky factor: lower triangular, L Lᵀ = A        packed
//   b, x   right side and solution                            shape (n,)

import { kernels, room } from "./kernels/kernels.js";
import { packedLength } from "./triangle.js";

/**
 * Largest jitter, relative to the mean of the diagonal. A matrix that needs more is indefinite by
 * more than rounding, and factorizeWithJitter refuses it.
 */
const JITTER_SHARE_MAX = 1e-2;
/** Smallest jitter, relative to the mean of the diagonal: some thousand roundings of a float64. */
const JITTER_SHARE_FIRST = 1e-12;

/**
 * Replaces a symmetric matrix A by its Cholesky factor L.
 *
 * @param matrix - A, packed, n rows; its contents are undefined after the result false
 * @returns true if A is positive definite and finite
 */
export function factorizeInPlace(matrix: Float64Array, n: number): boolean {
  const [a, panel] = room(matrix.length, 4 * n);
  a.set(matrix);
  const isDefinite = kernels.factorize(a.byteOffset, panel.byteOffset, n) !== 0;
  matrix.set(a);
  return isDefinite;
}

/**
 * Computes the Cholesky factor of A + ε m I, where m is the mean of A's diagonal and ε the first
 * of 0, 1e-12, 1e-11, ..., 1e-2 for which a factor exists. The jitter ε m I compensates rounding
 * errors in A.
 *
 * @param matrix - A, packed, n rows; unchanged
 * @param factor - receives L; not the same array as `matrix`
 * @returns true if one of the ε gives a factor
 */
export function factorizeWithJitter(matrix: Float64Array, n: number, factor: Float64Array): boolean {
  factor.set(matrix);
  if (factorizeInPlace(factor, n)) return true;
  let trace = 0;
  for (let i = 0; i < n; i++) trace += matrix[packedLength(i) + i] as number;
  for (let share = JITTER_SHARE_FIRST; share <= JITTER_SHARE_MAX * 1.5; share *= 10) {
    factor.set(matrix);
    for (let i = 0, at = 0; i < n; i++, at += i + 1) factor[at] = (factor[at] as number) + share * (trace / n);
    if (factorizeInPlace(factor, n)) return true;
  }
  return false;
}

/**
 * Replaces b by the solution x of L x = b.
 *
 * @param factor - L, packed, n rows
 * @param b - shape (n,)
 */
export function solveLowerInPlace(factor: Float64Array, b: Float64Array): void {
  for (let i = 0, row = 0; i < b.length; row += ++i) {
    let sum = b[i] as number;
    for (let k = 0; k < i; k++) sum -= (factor[row + k] as number) * (b[k] as number);
    b[i] = sum / (factor[row + i] as number);
  }
}

/**
 * Replaces b by the solution x of Lᵀ x = b.
 *
 * @param factor - L, packed, n rows
 * @param b - shape (n,)
 */
export function solveLowerTransposedInPlace(factor: Float64Array, b: Float64Array): void {
  for (let i = b.length - 1; i >= 0; i--) {
    const row = packedLength(i);
    const value = (b[i] as number) / (factor[row + i] as number);
    b[i] = value;
    for (let k = 0; k < i; k++) b[k] = (b[k] as number) - (factor[row + k] as number) * value;
  }
}

/**
 * Returns ln det A = 2 Σ ln L_ii.
 *
 * @param factor - L, packed, n rows
 */
export function logDeterminant(factor: Float64Array, n: number): number {
  let sum = 0;
  for (let i = 0; i < n; i++) sum += Math.log(factor[packedLength(i) + i] as number);
  return 2 * sum;
}
