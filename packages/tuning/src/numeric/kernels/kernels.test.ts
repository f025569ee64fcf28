// Compares kernels with plain loops, bit for bit. Another order of summation would change the
// oracle's suggestions.

import assert from "node:assert/strict";
import { test } from "node:test";
import { createRandom } from "../../random/random.js";
import { factorizeInPlace } from "../cholesky.js";
import { invertFromFactor, invertLower, packedLength } from "../triangle.js";

const SIZES = [1, 2, 3, 4, 6, 8, 13, 131];

test("computes a Cholesky factor bit for bit as a plain loop does", () => {
  for (const n of SIZES) {
    const matrix = randomTriangle(n, (random) => n + random.uniform());
    const factor = matrix.slice();
    assert.equal(factorizeInPlace(factor, n), true);
    const expected = plain(n, (l, i, j) => {
      let sum = at(matrix, i, j);
      for (let k = 0; k < j; k++) sum -= at(l, i, k) * at(l, j, k);
      if (i === j) return Math.sqrt(sum);
      // In blocks of four rows, entries left of the diagonal block use the pivot's reciprocal.
      const isInBlocks = i < n - (n % 4) && Math.floor(i / 4) !== Math.floor(j / 4);
      return isInBlocks ? sum * (1 / at(l, j, j)) : sum / at(l, j, j);
    });
    assert.deepEqual(factor, expected, `${n} rows`);
  }
});

test("computes the inverse of a triangle bit for bit as a plain loop does", () => {
  for (const n of SIZES) {
    const lower = randomTriangle(n, (random) => 1 + random.uniform());
    const inverse = new Float64Array(lower.length);
    invertLower(lower, n, inverse);
    const expected = plain(n, (x, i, j) => {
      const pivot = 1 / at(lower, i, i);
      if (i === j) return pivot;
      let sum = 0;
      for (let k = j; k < i; k++) sum += at(lower, i, k) * at(x, k, j);
      return -pivot * sum;
    });
    assert.deepEqual(inverse, expected, `${n} rows`);
  }
});

test("multiplies a transposed triangle with the triangle bit for bit as a plain loop does", () => {
  for (const n of SIZES) {
    const lower = randomTriangle(n, (random) => random.normal());
    const product = new Float64Array(lower.length);
    invertFromFactor(lower, n, product);
    const expected = plain(n, (_, i, j) => {
      let sum = 0;
      for (let k = i; k < n; k++) sum += at(lower, k, i) * at(lower, k, j);
      return sum;
    });
    assert.deepEqual(product, expected, `${n} rows`);
  }
});

/** Returns a random packed triangle with entries in [-0.5, 0.5) off the diagonal. */
function randomTriangle(n: number, diagonal: (random: ReturnType<typeof createRandom>) => number): Float64Array {
  const random = createRandom(n);
  return plain(n, (_, i, j) => (i === j ? diagonal(random) : random.uniform() - 0.5));
}

/** Fills a packed triangle row by row; `entry` may read the entries that are already filled. */
function plain(n: number, entry: (filled: Float64Array, i: number, j: number) => number): Float64Array {
  const triangle = new Float64Array(packedLength(n));
  for (let i = 0; i < n; i++) for (let j = 0; j <= i; j++) triangle[packedLength(i) + j] = entry(triangle, i, j);
  return triangle;
}

function at(triangle: Float64Array, i: number, j: number): number {
  return triangle[packedLength(i) + j] as number;
}
