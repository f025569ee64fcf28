// The functions' Sobol indices are known in closed form.

import assert from "node:assert/strict";
import { test } from "node:test";
import { pairDesign } from "./design.js";
import { Sample } from "./sobol-indices.js";

const PAIRS = 4096;

function near(actual: readonly (number | undefined)[], expected: readonly number[], tolerance: number): void {
  expected.forEach((value, i) => {
    assert.ok(Math.abs((actual[i] ?? Number.NaN) - value) <= tolerance, `${i}: ${actual[i]} instead of ${value}`);
  });
}

function sampleOf(d: number, valueAt: (x: Float64Array) => number | undefined): Sample {
  return new Sample({ d, valueAt }, pairDesign(d, PAIRS, 1));
}

test("estimates equal first-order and total indices for an additive function", () => {
  // The variance of c x is c²/12, so the indices are 1/14, 4/14, 9/14.
  const sample = sampleOf(4, ([x = 0, y = 0, z = 0]) => x + 2 * y + 3 * z);
  const { first, total, variance } = sample.indices();
  near([variance], [14 / 12], 0.005);
  near(first, [1 / 14, 4 / 14, 9 / 14, 0], 0.005);
  near(total, [1 / 14, 4 / 14, 9 / 14, 0], 0.005);
  assert.equal(total[3], 0, "the total index of a coordinate without influence is exactly 0");
});

test("estimates the published indices of Ishigami's function", () => {
  // Ishigami, Homma 1990, a = 7, b = 0.1: first-order indices 0.3139, 0.4424, 0; total indices
  // 0.5576, 0.4424, 0.2437; interaction of x and z 0.2437.
  const sample = sampleOf(3, (point) => {
    const [x = 0, y = 0, z = 0] = point.map((u) => Math.PI * (2 * u - 1));
    return Math.sin(x) + 7 * Math.sin(y) ** 2 + 0.1 * z ** 4 * Math.sin(x);
  });
  const { first, total } = sample.indices();
  near(first, [0.3139, 0.4424, 0], 0.01);
  near(total, [0.5576, 0.4424, 0.2437], 0.01);
  near([sample.closedShare([0, 2])], [0.5576], 0.01);
});

test("leaves out points outside the region", () => {
  // The region is the triangle x + y ≤ 1. f = x does not depend on y.
  const { total } = sampleOf(2, ([x = 0, y = 0]) => (x + y <= 1 ? x : undefined)).indices();
  assert.ok((total[0] as number) > 0.1);
  assert.equal(total[1], 0);
});

test("returns indices of 0 for a constant function and for an empty region", () => {
  assert.deepEqual(sampleOf(2, () => 3).indices(), { variance: 0, first: [0, 0], total: [0, 0] });
  assert.deepEqual(sampleOf(2, () => undefined).indices(), { variance: 0, first: [0, 0], total: [0, 0] });
});
