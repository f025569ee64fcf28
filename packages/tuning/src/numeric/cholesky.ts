// Symmetric positive definite systems. Matrices are row-major Float64Arrays of n * n numbers; a factor L is lower
// triangular with L Lᵀ = A, and what stands above its diagonal is zero.

/** Largest jitter tried, as a share of the mean of the diagonal. */
const JITTER_SHARE_MAX = 1e-2;
const JITTER_SHARE_FIRST = 1e-10;

/**
 * The Cholesky factor of a symmetric matrix.
 *
 * @returns L, or undefined if the matrix is not positive definite or has entries that are not finite
 */
export function factorize(matrix: Float64Array, n: number): Float64Array | undefined {
  const factor = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = at(matrix, i * n + j);
      for (let k = 0; k < j; k++) sum -= at(factor, i * n + k) * at(factor, j * n + k);
      if (i === j && !(sum > 0 && sum < Number.POSITIVE_INFINITY)) return undefined;
      factor[i * n + j] = i === j ? Math.sqrt(sum) : sum / at(factor, j * n + j);
    }
  }
  return factor;
}

/**
 * The Cholesky factor of a matrix that should be positive definite but may have lost that to rounding: adds the
 * smallest multiple of the identity out of 0, 1e-10, 1e-9, … 1e-2 times the mean of the diagonal that makes it so.
 *
 * @returns undefined if none does
 */
export function factorizeWithJitter(matrix: Float64Array, n: number): Float64Array | undefined {
  const exact = factorize(matrix, n);
  if (exact !== undefined) return exact;
  let trace = 0;
  for (let i = 0; i < n; i++) trace += at(matrix, i * n + i);
  for (let share = JITTER_SHARE_FIRST; share <= JITTER_SHARE_MAX * 1.5; share *= 10) {
    const jittered = Float64Array.from(matrix);
    for (let i = 0; i < n; i++) jittered[i * n + i] = at(matrix, i * n + i) + share * (trace / n);
    const factor = factorize(jittered, n);
    if (factor !== undefined) return factor;
  }
  return undefined;
}

/** Solves L x = b. */
export function solveLower(factor: Float64Array, b: Float64Array): Float64Array {
  const n = b.length;
  const x = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    let sum = at(b, i);
    for (let k = 0; k < i; k++) sum -= at(factor, i * n + k) * at(x, k);
    x[i] = sum / at(factor, i * n + i);
  }
  return x;
}

/** Solves Lᵀ x = b. */
export function solveLowerTransposed(factor: Float64Array, b: Float64Array): Float64Array {
  const n = b.length;
  const x = Float64Array.from(b);
  for (let i = n - 1; i >= 0; i--) {
    const value = at(x, i) / at(factor, i * n + i);
    x[i] = value;
    for (let k = 0; k < i; k++) x[k] = at(x, k) - at(factor, i * n + k) * value;
  }
  return x;
}

/** Solves A x = b, given the factor of A. */
export function solve(factor: Float64Array, b: Float64Array): Float64Array {
  return solveLowerTransposed(factor, solveLower(factor, b));
}

/** Natural logarithm of the determinant of A, given its factor. */
export function logDeterminant(factor: Float64Array, n: number): number {
  let sum = 0;
  for (let i = 0; i < n; i++) sum += Math.log(at(factor, i * n + i));
  return 2 * sum;
}

/** The inverse of A, given its factor: A⁻¹ = L⁻ᵀ L⁻¹. */
export function inverse(factor: Float64Array, n: number): Float64Array {
  const lower = inverseLower(factor, n);
  const result = new Float64Array(n * n);
  for (let k = 0; k < n; k++) {
    for (let i = 0; i <= k; i++) {
      const scale = at(lower, k * n + i);
      for (let j = 0; j <= i; j++) result[i * n + j] = at(result, i * n + j) + scale * at(lower, k * n + j);
    }
  }
  for (let i = 0; i < n; i++) for (let j = i + 1; j < n; j++) result[i * n + j] = at(result, j * n + i);
  return result;
}

/** L⁻¹, by rows so that memory is read in order. */
function inverseLower(factor: Float64Array, n: number): Float64Array {
  const result = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    const pivot = at(factor, i * n + i);
    for (let k = 0; k < i; k++) {
      const scale = at(factor, i * n + k);
      for (let j = 0; j <= k; j++) result[i * n + j] = at(result, i * n + j) - scale * at(result, k * n + j);
    }
    for (let j = 0; j < i; j++) result[i * n + j] = at(result, i * n + j) / pivot;
    result[i * n + i] = 1 / pivot;
  }
  return result;
}

function at(array: Float64Array, index: number): number {
  return array[index] as number;
}
