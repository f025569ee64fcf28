// Symmetric positive definite systems, packed as in triangle.ts. The loops take four rows at a time: each number that is
// loaded then serves four products, and no sum waits for another.

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
  let i = 0;
  for (; i + 4 <= n; i += 4) {
    eliminateFourRows(matrix, i);
    if (!factorizeDiagonalBlock(matrix, i, i + 4)) return false;
  }
  for (let j = 0; j < i; j++) for (let row = i; row < n; row++) eliminate(matrix, row, j);
  return factorizeDiagonalBlock(matrix, i, n);
}

/** Entries (i..i+3, 0..i-1) of the factor, from the rows above. */
function eliminateFourRows(a: Float64Array, i: number): void {
  const row0 = (i * (i + 1)) / 2;
  const row1 = row0 + i + 1;
  const row2 = row1 + i + 2;
  const row3 = row2 + i + 3;
  for (let j = 0, row = 0; j < i; row += ++j) {
    let sum0 = a[row0 + j] as number;
    let sum1 = a[row1 + j] as number;
    let sum2 = a[row2 + j] as number;
    let sum3 = a[row3 + j] as number;
    for (let k = 0; k < j; k++) {
      const factor = a[row + k] as number;
      sum0 -= factor * (a[row0 + k] as number);
      sum1 -= factor * (a[row1 + k] as number);
      sum2 -= factor * (a[row2 + k] as number);
      sum3 -= factor * (a[row3 + k] as number);
    }
    const pivot = 1 / (a[row + j] as number);
    a[row0 + j] = sum0 * pivot;
    a[row1 + j] = sum1 * pivot;
    a[row2 + j] = sum2 * pivot;
    a[row3 + j] = sum3 * pivot;
  }
}

/** Rows `start` to `end` from column `start` on; what lies left of it is done. */
function factorizeDiagonalBlock(a: Float64Array, start: number, end: number): boolean {
  for (let i = start; i < end; i++) {
    for (let j = start; j < i; j++) eliminate(a, i, j);
    const row = (i * (i + 1)) / 2;
    let sum = a[row + i] as number;
    for (let k = 0; k < i; k++) sum -= (a[row + k] as number) ** 2;
    if (!(sum > 0 && sum < Number.POSITIVE_INFINITY)) return false;
    a[row + i] = Math.sqrt(sum);
  }
  return true;
}

function eliminate(a: Float64Array, i: number, j: number): void {
  const rowI = (i * (i + 1)) / 2;
  const rowJ = (j * (j + 1)) / 2;
  let sum = a[rowI + j] as number;
  for (let k = 0; k < j; k++) sum -= (a[rowI + k] as number) * (a[rowJ + k] as number);
  a[rowI + j] = sum / (a[rowJ + j] as number);
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
