// Symmetric positive definite systems, packed as in triangle.ts.

import { kernels, room } from "./kernels/kernels.js";
import { packedLength } from "./triangle.js";

/** Largest jitter tried, as a share of the mean of the diagonal. */
const JITTER_SHARE_MAX = 1e-2;
const JITTER_SHARE_FIRST = 1e-12;

/**
 * Replaces a symmetric matrix A by its Cholesky factor: L, lower triangular, with L Lᵀ = A.
 *
 * @param matrix - packed, n rows; spoilt if there is no factor
 * @returns whether the matrix is positive definite and finite
 */
export function factorizeInPlace(matrix: Float64Array, n: number): boolean {
  const [a, panel] = room(matrix.length, 4 * n);
  a.set(matrix);
  const isDefinite = kernels.factorize(a.byteOffset, panel.byteOffset, n) !== 0;
  matrix.set(a);
  return isDefinite;
}

/**
 * The Cholesky factor of a matrix that should be positive definite but may have lost that to rounding: adds the
 * smallest multiple of the identity out of 0, 1e-12, 1e-11, … 1e-2 times the mean of the diagonal that makes it so.
 *
 * @param matrix - packed, n rows; left as it is
 * @param factor - receives L; may not be the matrix itself
 * @returns whether one does
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

/** Replaces b by the solution x of L x = b. */
export function solveLowerInPlace(factor: Float64Array, b: Float64Array): void {
  for (let i = 0, row = 0; i < b.length; row += ++i) {
    let sum = b[i] as number;
    for (let k = 0; k < i; k++) sum -= (factor[row + k] as number) * (b[k] as number);
    b[i] = sum / (factor[row + i] as number);
  }
}

/** Replaces b by the solution x of Lᵀ x = b. */
export function solveLowerTransposedInPlace(factor: Float64Array, b: Float64Array): void {
  for (let i = b.length - 1; i >= 0; i--) {
    const row = packedLength(i);
    const value = (b[i] as number) / (factor[row + i] as number);
    b[i] = value;
    for (let k = 0; k < i; k++) b[k] = (b[k] as number) - (factor[row + k] as number) * value;
  }
}

/** Natural logarithm of the determinant of A, given its factor. */
export function logDeterminant(factor: Float64Array, n: number): number {
  let sum = 0;
  for (let i = 0; i < n; i++) sum += Math.log(factor[packedLength(i) + i] as number);
  return 2 * sum;
}
