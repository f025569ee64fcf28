import type { Random } from "@sintonia/tuning/random/random";

/**
 * Draws `gain` times a matrix with orthonormal columns, or with orthonormal rows if there are
 * fewer rows than columns. The distribution is uniform over all such matrices: the matrix is the Q
 * of a matrix of standard normals, with a positive diagonal of R.
 *
 * @returns float32, row-major
 * @see Mezzadri 2007
 */
export function orthogonal(
  gain: number,
  [rows, columns]: readonly [rows: number, columns: number],
  random: Random,
): Float32Array {
  const vectors = Array.from({ length: Math.min(rows, columns) }, () => normals(Math.max(rows, columns), random));
  orthonormalize(vectors);
  const values = new Float32Array(rows * columns);
  const [alongVector, toNextVector] = rows >= columns ? [columns, 1] : [1, columns];
  for (const [index, vector] of vectors.entries()) {
    for (let i = 0; i < vector.length; i++) {
      values[index * toNextVector + i * alongVector] = gain * (vector[i] as number);
    }
  }
  return values;
}

function normals(count: number, random: Random): Float64Array {
  const values = new Float64Array(count);
  for (let i = 0; i < count; i++) values[i] = random.normal();
  return values;
}

/** Number of vectors that are orthogonalized together. They stay in the first-level cache. */
const BLOCK = 8;

/**
 * Orthonormalizes vectors in place by the modified Gram-Schmidt method. Its error grows with the
 * condition number of the vectors (Björck 1967). For n normal vectors of length n that number is a
 * small multiple of n, so that the error is far below the precision of float32.
 */
function orthonormalize(vectors: readonly Float64Array[]): void {
  for (let start = 0; start < vectors.length; start += BLOCK) {
    const block = vectors.slice(start, start + BLOCK);
    for (const unit of vectors.slice(0, start)) for (const vector of block) removePart(vector, unit);
    for (const [index, vector] of block.entries()) {
      normalize(vector);
      for (const later of block.slice(index + 1)) removePart(later, vector);
    }
  }
}

function normalize(vector: Float64Array): void {
  const length = Math.sqrt(dot(vector, vector));
  for (let i = 0; i < vector.length; i++) vector[i] = (vector[i] as number) / length;
}

/** Subtracts the projection onto a unit vector: v -= (v · u) u. */
function removePart(vector: Float64Array, unit: Float64Array): void {
  const part = dot(vector, unit);
  for (let i = 0; i < vector.length; i++) vector[i] = (vector[i] as number) - part * (unit[i] as number);
}

/**
 * Computes the dot product with four independent sums: an addition must wait for the one before
 * it.
 */
function dot(a: Float64Array, b: Float64Array): number {
  let [sum0, sum1, sum2, sum3] = [0, 0, 0, 0];
  const blocks = a.length - (a.length % 4);
  for (let i = 0; i < blocks; i += 4) {
    sum0 += (a[i] as number) * (b[i] as number);
    sum1 += (a[i + 1] as number) * (b[i + 1] as number);
    sum2 += (a[i + 2] as number) * (b[i + 2] as number);
    sum3 += (a[i + 3] as number) * (b[i + 3] as number);
  }
  for (let i = blocks; i < a.length; i++) sum0 += (a[i] as number) * (b[i] as number);
  return sum0 + sum1 + (sum2 + sum3);
}
