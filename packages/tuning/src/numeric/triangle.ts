// Packed triangles. A symmetric or lower triangular matrix of n rows is the list of its lower triangle row by row: entry
// (i, j), j ≤ i, is number i (i + 1) / 2 + j, so that every row is contiguous. The loops take four rows at a time, as
// those of cholesky.ts.

/** Length of a packed triangle of n rows. */
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
  for (let i = 0; i < n; i++) {
    const row = packedLength(i);
    inverse.fill(0, row, row + i);
    let k = 0;
    for (; k + 4 <= i; k += 4) addFourRows(inverse, factor, { to: row, k });
    for (; k < i; k++) {
      const weight = factor[row + k] as number;
      const other = packedLength(k);
      for (let j = 0; j <= k; j++)
        inverse[row + j] = (inverse[row + j] as number) + weight * (inverse[other + j] as number);
    }
    const pivot = 1 / (factor[row + i] as number);
    for (let j = 0; j < i; j++) inverse[row + j] = -pivot * (inverse[row + j] as number);
    inverse[row + i] = pivot;
  }
}

/** Adds rows k to k + 3 of a packed triangle, each times its entry in the row of the factor, to the row at `to`. */
function addFourRows(
  a: Float64Array,
  factor: Float64Array,
  { to, k }: { readonly to: number; readonly k: number },
): void {
  const row0 = packedLength(k);
  const row1 = row0 + k + 1;
  const row2 = row1 + k + 2;
  const row3 = row2 + k + 3;
  const [w0, w1, w2, w3] = [factor[to + k], factor[to + k + 1], factor[to + k + 2], factor[to + k + 3]] as unknown as [
    number,
    number,
    number,
    number,
  ];
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
