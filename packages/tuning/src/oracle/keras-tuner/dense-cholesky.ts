// Cholesky decomposition of full matrices and the solution of triangular systems. Matrices are in
// row-major order, shape (n, n).

/**
 * Returns lower triangular L with L Lᵀ = matrix; undefined if the matrix is not positive definite.
 */
export function decompose(matrix: Float64Array): Float64Array | undefined {
  const n = Math.sqrt(matrix.length);
  const lower = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = at(matrix, i * n + j);
      for (let k = 0; k < j; k++) sum -= at(lower, i * n + k) * at(lower, j * n + k);
      if (i === j && !(sum > 0)) return undefined;
      lower[i * n + j] = i === j ? Math.sqrt(sum) : sum / at(lower, j * n + j);
    }
  }
  return lower;
}

/** Returns the solution x of L x = b. */
export function solveLower(lower: Float64Array, b: Float64Array): Float64Array {
  const n = b.length;
  const x = Float64Array.from(b);
  for (let i = 0; i < n; i++) {
    let sum = at(x, i);
    for (let k = 0; k < i; k++) sum -= at(lower, i * n + k) * at(x, k);
    x[i] = sum / at(lower, i * n + i);
  }
  return x;
}

/** Returns the solution x of Lᵀ x = b. */
export function solveUpper(lower: Float64Array, b: Float64Array): Float64Array {
  const n = b.length;
  const x = Float64Array.from(b);
  for (let i = n - 1; i >= 0; i--) {
    const value = at(x, i) / at(lower, i * n + i);
    x[i] = value;
    for (let k = 0; k < i; k++) x[k] = at(x, k) - at(lower, i * n + k) * value;
  }
  return x;
}

function at(values: Float64Array, index: number): number {
  return values[index] as number;
}
