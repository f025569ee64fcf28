import assert from "node:assert/strict";
import { test } from "node:test";
import { sobolSequence } from "./sobol.js";

test("has the terms that SciPy 1.17.1 gives for the same direction numbers", () => {
  const { point } = sobolSequence(64, undefined);
  const dimensions = [0, 1, 2, 9, 40, 63];
  const recorded = new Map([
    [1, [0.5, 0.5, 0.5, 0.5, 0.5, 0.5]],
    [2, [0.75, 0.25, 0.25, 0.75, 0.25, 0.75]],
    [5, [0.875, 0.875, 0.125, 0.125, 0.375, 0.625]],
    [100, [0.4140625, 0.2578125, 0.7734375, 0.6953125, 0.7109375, 0.6484375]],
    [1000, [0.2197265625, 0.0966796875, 0.5185546875, 0.0693359375, 0.9130859375, 0.4462890625]],
  ]);
  for (const [index, expected] of recorded) {
    const term = point(index);
    assert.deepEqual(
      dimensions.map((dimension) => term[dimension]),
      expected,
      `term ${index}`,
    );
  }
});

test("puts one of 2^k terms in every interval of length 2^-k of every dimension, scrambled or not", () => {
  for (const seed of [undefined, 1, 2]) {
    const { point } = sobolSequence(64, seed);
    const terms = Array.from({ length: 256 }, (_, i) => point(i));
    for (let dimension = 0; dimension < 64; dimension++) {
      const cells = new Set(terms.map((term) => Math.floor((term[dimension] as number) * 256)));
      assert.equal(cells.size, 256, `dimension ${dimension}, seed ${seed}`);
    }
  }
});

test("puts one of 256 terms in every box of area 1/256 of the first two dimensions, scrambled or not", () => {
  for (const seed of [undefined, 3, 4, 5]) {
    const { point } = sobolSequence(2, seed);
    const terms = Array.from({ length: 256 }, (_, i) => point(i) as unknown as [number, number]);
    for (let k = 0; k <= 8; k++) {
      const boxes = new Set(terms.map(([x, y]) => `${Math.floor(x * 2 ** k)} ${Math.floor(y * 2 ** (8 - k))}`));
      assert.equal(boxes.size, 256, `${k}, seed ${seed}`);
    }
  }
});

test("makes each term uniform over seeds", () => {
  const count = 2000;
  const values = Array.from({ length: count }, (_, seed) => sobolSequence(3, seed).point(5)[2] as number);
  const mean = values.reduce((sum, value) => sum + value, 0) / count;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / count;
  // Standard errors: sqrt(1/12/n) of the mean, about sqrt(1/180/n) of the variance.
  assert.ok(Math.abs(mean - 0.5) < 4 * Math.sqrt(1 / 12 / count), `${mean}`);
  assert.ok(Math.abs(variance - 1 / 12) < 4 * Math.sqrt(1 / 180 / count), `${variance}`);
});

test("integrates a smooth function ten times as well as random points", () => {
  // The mean of the product of (1 + (x - 1/2)) over 6 dimensions is 1.
  const product = (term: Float64Array) => term.reduce((value, x) => value * (0.5 + x), 1);
  const errors = Array.from({ length: 50 }, (_, seed) => {
    const { point } = sobolSequence(6, seed);
    const mean = Array.from({ length: 256 }, (_, i) => product(point(i))).reduce((a, b) => a + b) / 256;
    return (mean - 1) ** 2;
  });
  const rootMeanSquare = Math.sqrt(errors.reduce((a, b) => a + b) / errors.length);
  // Random points: sqrt((13/12)^6 - 1) / 16 = 0.0491.
  assert.ok(rootMeanSquare < 0.0491 / 10, `${rootMeanSquare}`);
});
