import assert from "node:assert/strict";
import { test } from "node:test";
import { createRandom } from "../random/random.js";
import { factorize, factorizeWithJitter, inverse, logDeterminant, solve } from "./cholesky.js";

test("factorises a matrix whose factor is known", () => {
  const factor = factorize(Float64Array.of(4, 12, -16, 12, 37, -43, -16, -43, 98), 3);
  assert.deepEqual(factor, Float64Array.of(2, 0, 0, 6, 1, 0, -8, 5, 3));
  assert.ok(Math.abs(logDeterminant(factor as Float64Array, 3) - Math.log(36)) < 1e-14);
});

test("solves and inverts random positive definite systems", () => {
  const random = createRandom(1);
  for (const n of [1, 2, 5, 20]) {
    const matrix = randomPositiveDefinite(n, () => random.normal());
    const factor = factorize(matrix, n);
    assert.ok(factor !== undefined);
    const x = Float64Array.from({ length: n }, () => random.normal());
    const solved = solve(factor, multiply(matrix, x));
    const inverted = multiply(inverse(factor, n), multiply(matrix, x));
    for (let i = 0; i < n; i++) {
      assert.ok(Math.abs((solved[i] as number) - (x[i] as number)) < 1e-10, `solve, n = ${n}`);
      assert.ok(Math.abs((inverted[i] as number) - (x[i] as number)) < 1e-10, `inverse, n = ${n}`);
    }
  }
});

test("refuses matrices that are not positive definite or not finite", () => {
  assert.equal(factorize(Float64Array.of(1, 2, 2, 1), 2), undefined);
  assert.equal(factorize(Float64Array.of(Number.NaN), 1), undefined);
  assert.equal(factorize(Float64Array.of(Number.POSITIVE_INFINITY), 1), undefined);
});

test("adds the least jitter that makes a singular matrix definite", () => {
  const factor = factorizeWithJitter(new Float64Array(9).fill(1), 3);
  assert.ok(factor !== undefined);
  // The factor of the matrix with 1e-10 on the diagonal.
  assert.ok(Math.abs((factor[0] as number) ** 2 - (1 + 1e-10)) < 1e-15);
  assert.equal(factorizeWithJitter(Float64Array.of(-1), 1), undefined);
});

function randomPositiveDefinite(n: number, draw: () => number): Float64Array {
  const root = Float64Array.from({ length: n * n }, draw);
  return new Float64Array(n * n).map((_, at) => {
    const i = Math.floor(at / n);
    const j = at % n;
    let sum = i === j ? 1 : 0;
    for (let k = 0; k < n; k++) sum += (root[i * n + k] as number) * (root[j * n + k] as number);
    return sum;
  });
}

function multiply(matrix: Float64Array, x: Float64Array): Float64Array {
  return x.map((_, i) => x.reduce((sum, value, j) => sum + (matrix[i * x.length + j] as number) * value, 0));
}
