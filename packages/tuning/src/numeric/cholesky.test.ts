import assert from "node:assert/strict";
import { test } from "node:test";
import { createRandom, type Random } from "../random/random.js";
import {
  factorizeInPlace,
  factorizeWithJitter,
  logDeterminant,
  solveLowerInPlace,
  solveLowerTransposedInPlace,
} from "./cholesky.js";
import { invertFromFactor, invertLower, multiplyLower, multiplyLowerTransposed, packedLength } from "./triangle.js";

/**
 * Numbers of rows: multiples of the kernels' block of 4 rows, and others. A matrix of 130 rows
 * needs more memory than the kernels' first page.
 */
const SIZES = [1, 2, 3, 4, 5, 7, 8, 9, 21, 130];

// The random matrices have condition numbers up to some thousands: rounding errors near 1e-12.
const TOLERANCE = 1e-10;

test("computes the factor and the determinant of a matrix with a known factor", () => {
  const matrix = Float64Array.of(4, 12, 37, -16, -43, 98);
  assert.equal(factorizeInPlace(matrix, 3), true);
  assert.deepEqual(matrix, Float64Array.of(2, 6, 1, -8, 5, 3));
  assert.ok(Math.abs(logDeterminant(matrix, 3) - Math.log(36)) < 1e-14);
});

test("computes a factor whose product with its transpose is the matrix, for any number of rows", () => {
  for (const n of SIZES) {
    const matrix = randomPositiveDefinite(n, createRandom(n));
    const factor = factorOf(matrix, n);
    for (let i = 0; i < n; i++) {
      for (let j = 0; j <= i; j++) {
        let sum = 0;
        for (let k = 0; k <= j; k++) sum += at(factor, i, k) * at(factor, j, k);
        assert.ok(Math.abs(sum - at(matrix, i, j)) < TOLERANCE, `entry ${i}, ${j} of ${n} rows`);
      }
    }
  }
});

test("solves and inverts random positive definite systems", () => {
  for (const n of SIZES) {
    const random = createRandom(100 + n);
    const matrix = randomPositiveDefinite(n, random);
    const factor = factorOf(matrix, n);
    const x = Float64Array.from({ length: n }, () => random.normal());
    const solved = multiplySymmetric(matrix, x);
    solveLowerInPlace(factor, solved);
    solveLowerTransposedInPlace(factor, solved);
    const inverseFactor = new Float64Array(packedLength(n));
    invertLower(factor, n, inverseFactor);
    const inverse = new Float64Array(packedLength(n));
    invertFromFactor(inverseFactor, n, inverse);
    const inverted = multiplySymmetric(inverse, multiplySymmetric(matrix, x));
    for (let i = 0; i < n; i++) {
      assert.ok(Math.abs((solved[i] as number) - (x[i] as number)) < TOLERANCE, `solve, n = ${n}`);
      assert.ok(Math.abs((inverted[i] as number) - (x[i] as number)) < TOLERANCE, `inverse, n = ${n}`);
    }
  }
});

test("multiplies a triangle and its transpose with a vector by the definition", () => {
  for (const n of SIZES) {
    const random = createRandom(200 + n);
    const lower = Float64Array.from({ length: packedLength(n) }, () => random.normal());
    const x = Float64Array.from({ length: n }, () => random.normal());
    const [product, transposed] = [new Float64Array(n), new Float64Array(n).fill(7)];
    multiplyLower(lower, x, product);
    multiplyLowerTransposed(lower, x, transposed);
    for (let i = 0; i < n; i++) {
      let [row, column] = [0, 0];
      for (let k = 0; k < n; k++) {
        if (k <= i) row += at(lower, i, k) * (x[k] as number);
        if (k >= i) column += at(lower, k, i) * (x[k] as number);
      }
      assert.ok(Math.abs((product[i] as number) - row) < TOLERANCE, `row ${i} of ${n}`);
      assert.ok(Math.abs((transposed[i] as number) - column) < TOLERANCE, `column ${i} of ${n}`);
    }
  }
});

test("refuses matrices that are not positive definite or not finite", () => {
  assert.equal(factorizeInPlace(Float64Array.of(1, 2, 1), 2), false);
  assert.equal(factorizeInPlace(Float64Array.of(Number.NaN), 1), false);
  assert.equal(factorizeInPlace(Float64Array.of(Number.POSITIVE_INFINITY), 1), false);
});

test("adds the smallest jitter that makes a singular matrix definite, and does not change the matrix", () => {
  const matrix = new Float64Array(packedLength(3)).fill(1);
  const factor = new Float64Array(packedLength(3));
  assert.equal(factorizeWithJitter(matrix, 3, factor), true);
  // The factor of the matrix with 1e-12 on the diagonal.
  assert.ok(Math.abs((factor[0] as number) ** 2 - (1 + 1e-12)) < 1e-15);
  assert.deepEqual(matrix, new Float64Array(6).fill(1));
  assert.equal(factorizeWithJitter(Float64Array.of(-1), 1, factor), false);
});

function factorOf(matrix: Float64Array, n: number): Float64Array {
  const factor = Float64Array.from(matrix);
  assert.equal(factorizeInPlace(factor, n), true);
  return factor;
}

/** Returns R Rᵀ + I for a matrix R of standard normal entries. */
function randomPositiveDefinite(n: number, random: Random): Float64Array {
  const root = Float64Array.from({ length: n * n }, () => random.normal());
  const matrix = new Float64Array(packedLength(n));
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = i === j ? 1 : 0;
      for (let k = 0; k < n; k++) sum += (root[i * n + k] as number) * (root[j * n + k] as number);
      matrix[packedLength(i) + j] = sum;
    }
  }
  return matrix;
}

function multiplySymmetric(matrix: Float64Array, x: Float64Array): Float64Array {
  return x.map((_, i) => x.reduce((sum, value, j) => sum + at(matrix, Math.max(i, j), Math.min(i, j)) * value, 0));
}

function at(packed: Float64Array, i: number, j: number): number {
  return packed[packedLength(i) + j] as number;
}
