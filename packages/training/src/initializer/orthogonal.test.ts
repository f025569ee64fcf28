import assert from "node:assert/strict";
import { test } from "node:test";
import { createRandom } from "@sintonia/tuning/random/random";
import { moments } from "./distribution.fixture.js";
import { orthogonal } from "./orthogonal.js";

/**
 * Sums of up to 800 products of float32 values, whose squares add up to 1: a few times float32's
 * last bit.
 */
const TOLERANCE = 1e-6;

function at(values: Float32Array, columns: number, place: readonly [row: number, column: number]): number {
  return values[place[0] * columns + place[1]] as number;
}

/** Products of all pairs of rows, or of columns. */
function assertOrthonormal(values: Float32Array, shape: readonly [number, number], gain: number): void {
  const [rows, columns] = shape;
  const [count, length] = [Math.min(rows, columns), Math.max(rows, columns)];
  const cell = (vector: number, i: number) => at(values, columns, rows >= columns ? [i, vector] : [vector, i]);
  for (let a = 0; a < count; a++) {
    for (let b = a; b < count; b++) {
      let product = 0;
      for (let i = 0; i < length; i++) product += cell(a, i) * cell(b, i);
      const expected = a === b ? gain * gain : 0;
      assert.ok(Math.abs(product - expected) <= TOLERANCE * gain * gain, `${a} with ${b}: ${product}`);
    }
  }
}

for (const shape of [
  [1, 1],
  [7, 7],
  [40, 9],
  [9, 40],
  [1, 5],
  [130, 128],
] as const) {
  test(`has orthonormal rows or columns, shape ${shape.join(" x ")}`, () => {
    assertOrthonormal(orthogonal(1, shape, createRandom(1)), shape, 1);
    assertOrthonormal(orthogonal(-1.5, shape, createRandom(2)), shape, -1.5);
  });
}

test("varies as Keras' does for shape (784, 800), every value with a variance of one by the longer side", () => {
  const { mean, stddev } = moments(orthogonal(1, [784, 800], createRandom(1)));
  assert.ok(Math.abs(stddev - 0.035355) < 1e-6, `stddev ${stddev}`);
  assert.ok(Math.abs(mean) < 5 * (stddev / 792), `mean ${mean}`);
});

test("is the Q of a matrix of normals whose R has a positive diagonal", () => {
  const random = createRandom(4);
  const columns = Array.from({ length: 3 }, () => Array.from({ length: 5 }, () => random.normal()));
  const values = orthogonal(1, [5, 3], createRandom(4));
  for (const [j, column] of columns.entries()) {
    const r = columns.map((_, k) => column.reduce((sum, a, i) => sum + a * at(values, 3, [i, k]), 0));
    assert.ok((r[j] as number) > 0, "a positive diagonal");
    for (const k of [0, 1, 2].slice(j + 1)) assert.ok(Math.abs(r[k] as number) < TOLERANCE, "zeros below it");
  }
});

test("has no preferred direction", () => {
  // The first value of a random 2 x 2 rotation or reflection is the cosine of an even angle: mean
  // square 1/2, even signs.
  const firsts = Float32Array.from({ length: 20_000 }, (_, seed) => orthogonal(1, [2, 2], createRandom(seed))[0] ?? 0);
  const { mean, stddev } = moments(firsts);
  // Five standard errors: of the mean, 0.71 / sqrt(n); of the square root of the mean square, 0.25
  // / sqrt(n).
  assert.ok(Math.abs(mean) < 0.025 && Math.abs(stddev - Math.SQRT1_2) < 0.009, `${mean}, ${stddev}`);
});
