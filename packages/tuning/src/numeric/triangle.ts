// Products and inverses of symmetric and lower triangular matrices in packed storage.
//
//   A      symmetric matrix of n rows           packed, shape (n (n + 1) / 2,)
//   L      lower triangular matrix of n rows    packed, shape (n (n + 1) / 2,)
//   x      vector                               shape (n,)
//
// The packed array lists the lower triangle row by row: entry (i, j), j ≤ i, has index
// i (i + 1) / 2 + j, and each row is contiguous. The loops process four rows at a time: a loaded
// number then enters four products, and four independent sums run in parallel.

import { kernels, room } from "./kernels/kernels.js";

/**
 * Returns the length n (n + 1) / 2 of a packed matrix of n rows, which is also the index at which
 * row n of a larger matrix begins.
 */
export function packedLength(n: number): number {
  return (n * (n + 1)) / 2;
}

/**
 * Inverts a lower triangular matrix.
 *
 * @param factor - L, packed, n rows
 * @param inverse - receives L⁻¹, packed
 */
export function invertLower(factor: Float64Array, n: number, inverse: Float64Array): void {
  const [from, to] = room(factor.length, inverse.length);
  from.set(factor);
  kernels.invertLower(from.byteOffset, to.byteOffset, n);
  inverse.set(to);
}

/**
 * Computes A⁻¹ = L⁻ᵀ L⁻¹ from the inverse of A's Cholesky factor L.
 *
 * @param inverseFactor - L⁻¹, packed, n rows
 * @param inverse - receives A⁻¹, packed
 */
export function invertFromFactor(inverseFactor: Float64Array, n: number, inverse: Float64Array): void {
  // The kernel reads up to four entries behind the last row.
  const [from, to] = room(inverseFactor.length + 4, inverse.length);
  from.set(inverseFactor);
  kernels.squareTransposed(from.byteOffset, to.byteOffset, n);
  inverse.set(to);
}

/**
 * Multiplies a lower triangular matrix with a vector.
 *
 * @param lower - L, packed, n rows
 * @param x - shape (n,)
 * @param result - receives L x, shape (n,); not the same array as `x`
 */
export function multiplyLower(lower: Float64Array, x: Float64Array, result: Float64Array): void {
  const n = x.length;
  let i = 0;
  for (; i + 4 <= n; i += 4) {
    const row0 = packedLength(i);
    const row1 = row0 + i + 1;
    const row2 = row1 + i + 2;
    const row3 = row2 + i + 3;
    let sum0 = 0;
    let sum1 = 0;
    let sum2 = 0;
    let sum3 = 0;
    for (let k = 0; k <= i; k++) {
      const xk = x[k] as number;
      sum0 += (lower[row0 + k] as number) * xk;
      sum1 += (lower[row1 + k] as number) * xk;
      sum2 += (lower[row2 + k] as number) * xk;
      sum3 += (lower[row3 + k] as number) * xk;
    }
    const [x1, x2, x3] = [x[i + 1], x[i + 2], x[i + 3]] as unknown as [number, number, number];
    result[i] = sum0;
    result[i + 1] = sum1 + (lower[row1 + i + 1] as number) * x1;
    result[i + 2] = sum2 + (lower[row2 + i + 1] as number) * x1 + (lower[row2 + i + 2] as number) * x2;
    result[i + 3] =
      sum3 +
      (lower[row3 + i + 1] as number) * x1 +
      (lower[row3 + i + 2] as number) * x2 +
      (lower[row3 + i + 3] as number) * x3;
  }
  for (; i < n; i++) {
    const row = packedLength(i);
    let sum = 0;
    for (let k = 0; k <= i; k++) sum += (lower[row + k] as number) * (x[k] as number);
    result[i] = sum;
  }
}

/**
 * Multiplies the transpose of a lower triangular matrix with a vector.
 *
 * @param lower - L, packed, n rows
 * @param x - shape (n,)
 * @param result - receives Lᵀ x, shape (n,); not the same array as `x`
 */
export function multiplyLowerTransposed(lower: Float64Array, x: Float64Array, result: Float64Array): void {
  const n = x.length;
  result.fill(0);
  let i = 0;
  for (; i + 4 <= n; i += 4) {
    const row0 = packedLength(i);
    const row1 = row0 + i + 1;
    const row2 = row1 + i + 2;
    const row3 = row2 + i + 3;
    const [x0, x1, x2, x3] = [x[i], x[i + 1], x[i + 2], x[i + 3]] as unknown as [number, number, number, number];
    for (let k = 0; k <= i; k++) {
      result[k] =
        (result[k] as number) +
        (lower[row0 + k] as number) * x0 +
        (lower[row1 + k] as number) * x1 +
        (lower[row2 + k] as number) * x2 +
        (lower[row3 + k] as number) * x3;
    }
    result[i + 1] =
      (lower[row1 + i + 1] as number) * x1 +
      (lower[row2 + i + 1] as number) * x2 +
      (lower[row3 + i + 1] as number) * x3;
    result[i + 2] = (lower[row2 + i + 2] as number) * x2 + (lower[row3 + i + 2] as number) * x3;
    result[i + 3] = (lower[row3 + i + 3] as number) * x3;
  }
  for (; i < n; i++) {
    const row = packedLength(i);
    const xi = x[i] as number;
    for (let k = 0; k <= i; k++) result[k] = (result[k] as number) + (lower[row + k] as number) * xi;
  }
}
