// Symmetric positive definite systems, packed. A symmetric or lower triangular matrix of n rows is the list of its lower
// triangle row by row: entry (i, j), j ≤ i, is number i (i + 1) / 2 + j, so that every row is contiguous. The loops take
// four rows at a time: each number that is loaded then serves four products, and no sum waits for another.

/** Largest jitter tried, as a share of the mean of the diagonal. */
const JITTER_SHARE_MAX = 1e-2;
const JITTER_SHARE_FIRST = 1e-12;

/** Length of a packed triangle of n rows. */
export function packedLength(n: number): number {
  return (n * (n + 1)) / 2;
}

/**
 * Replaces a symmetric matrix A by its Cholesky factor: L, lower triangular, with L Lᵀ = A.
 *
 * @param matrix - packed, n rows; spoilt if there is no factor
 * @param from - rows before this one are factorised already: the factor is extended by the rest
 * @returns whether the matrix is positive definite and finite
 */
export function factorizeInPlace(matrix: Float64Array, n: number, from = 0): boolean {
  let i = from;
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

/** Replaces b by the solution x of L x = b, from entry `from` on; those before are solved already. */
export function solveLowerInPlace(factor: Float64Array, b: Float64Array, from = 0): void {
  for (let i = from, row = packedLength(from); i < b.length; row += ++i) {
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

/**
 * Inverts a lower triangular matrix.
 *
 * @param factor - L, packed, n rows
 * @param inverse - receives L⁻¹, packed
 */
export function invertLower(factor: Float64Array, n: number, inverse: Float64Array): void {
  for (let i = 0; i < n; i++) {
    const row = packedLength(i);
    inverse.fill(0, row, row + i);
    let k = 0;
    for (; k + 4 <= i; k += 4) addFourRows(inverse, row, k, [factor, row]);
    for (; k < i; k++) addRow(inverse, row, packedLength(k), k + 1, factor[row + k] as number);
    const pivot = 1 / (factor[row + i] as number);
    for (let j = 0; j < i; j++) inverse[row + j] = -pivot * (inverse[row + j] as number);
    inverse[row + i] = pivot;
  }
}

/** Adds rows k to k + 3 of a packed triangle, times entries k to k + 3 of a row of weights, to the row at `to`. */
function addFourRows(a: Float64Array, to: number, k: number, [weights, at]: readonly [Float64Array, number]): void {
  const row0 = packedLength(k);
  const row1 = row0 + k + 1;
  const row2 = row1 + k + 2;
  const row3 = row2 + k + 3;
  const [w0, w1, w2, w3] = [
    weights[at + k],
    weights[at + k + 1],
    weights[at + k + 2],
    weights[at + k + 3],
  ] as unknown as [number, number, number, number];
  for (let j = 0; j <= k; j++) {
    a[to + j] =
      (a[to + j] as number) +
      w0 * (a[row0 + j] as number) +
      w1 * (a[row1 + j] as number) +
      w2 * (a[row2 + j] as number) +
      w3 * (a[row3 + j] as number);
  }
  a[to + k + 1] =
    (a[to + k + 1] as number) +
    w1 * (a[row1 + k + 1] as number) +
    w2 * (a[row2 + k + 1] as number) +
    w3 * (a[row3 + k + 1] as number);
  a[to + k + 2] = (a[to + k + 2] as number) + w2 * (a[row2 + k + 2] as number) + w3 * (a[row3 + k + 2] as number);
  a[to + k + 3] = (a[to + k + 3] as number) + w3 * (a[row3 + k + 3] as number);
}

function addRow(a: Float64Array, to: number, from: number, length: number, weight: number): void {
  for (let j = 0; j < length; j++) a[to + j] = (a[to + j] as number) + weight * (a[from + j] as number);
}

/**
 * The inverse of A out of that of its factor: A⁻¹ = L⁻ᵀ L⁻¹.
 *
 * @param inverseFactor - L⁻¹, packed, n rows
 * @param inverse - receives A⁻¹, packed
 */
export function invertFromFactor(inverseFactor: Float64Array, n: number, inverse: Float64Array): void {
  const x = inverseFactor;
  inverse.fill(0);
  let k = 0;
  for (; k + 4 <= n; k += 4) addFourOuterProducts(inverse, x, k);
  for (; k < n; k++) {
    const row = packedLength(k);
    for (let i = 0; i <= k; i++) {
      const weight = x[row + i] as number;
      const to = packedLength(i);
      for (let j = 0; j <= i; j++) inverse[to + j] = (inverse[to + j] as number) + weight * (x[row + j] as number);
    }
  }
}

/** Adds the outer products of rows k to k + 3 with themselves. */
function addFourOuterProducts(to: Float64Array, x: Float64Array, k: number): void {
  const row0 = packedLength(k);
  const row1 = row0 + k + 1;
  const row2 = row1 + k + 2;
  const row3 = row2 + k + 3;
  for (let i = 0, at = 0; i <= k + 3; at += ++i) {
    // A row ends at its diagonal: beyond, its numbers are zero and the next row's are stored.
    const w0 = i <= k ? (x[row0 + i] as number) : 0;
    const w1 = i <= k + 1 ? (x[row1 + i] as number) : 0;
    const w2 = i <= k + 2 ? (x[row2 + i] as number) : 0;
    const w3 = x[row3 + i] as number;
    const end = Math.min(i, k);
    for (let j = 0; j <= end; j++) {
      to[at + j] =
        (to[at + j] as number) +
        w0 * (x[row0 + j] as number) +
        w1 * (x[row1 + j] as number) +
        w2 * (x[row2 + j] as number) +
        w3 * (x[row3 + j] as number);
    }
    for (let j = k + 1; j <= i; j++) {
      to[at + j] =
        (to[at + j] as number) +
        (j <= k + 1 ? w1 * (x[row1 + j] as number) : 0) +
        (j <= k + 2 ? w2 * (x[row2 + j] as number) : 0) +
        w3 * (x[row3 + j] as number);
    }
  }
}

/** Multiplies a lower triangular matrix with a vector: result = L x. */
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

/** Multiplies the transpose of a lower triangular matrix with a vector: result = Lᵀ x. */
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
