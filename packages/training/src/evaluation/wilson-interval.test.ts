import assert from "node:assert/strict";
import { test } from "node:test";
import { wilsonInterval } from "./wilson-interval.js";

function assertClose(found: number, expected: number, tolerance: number): void {
  assert.ok(Math.abs(found - expected) <= tolerance, `${found} instead of ${expected}`);
}

test("gives the published intervals of Newcombe 1998, method 3", () => {
  const printed: [correct: number, count: number, low: number, high: number][] = [
    [81, 263, 0.2553, 0.3662],
    [15, 148, 0.0624, 0.1605],
    [0, 20, 0, 0.1611],
    [1, 29, 0.0061, 0.1718],
  ];
  for (const [correct, count, low, high] of printed) {
    const found = wilsonInterval(correct, count);
    assertClose(found.low, low, 5.1e-5);
    assertClose(found.high, high, 5.1e-5);
  }
});

test("gives the roots of the score equation", () => {
  // Quantiles of the standard normal from printed tables.
  for (const [confidence, z] of [
    [0.8, 1.2815515655446004],
    [0.95, 1.959963984540054],
    [0.999, 3.290526731491926],
  ] as const) {
    for (const bound of Object.values(wilsonInterval(9845, 10_000, confidence))) {
      assertClose(Math.abs(0.9845 - bound) / Math.sqrt((bound * (1 - bound)) / 10_000), z, 1e-9);
    }
  }
});

test("is symmetric in correct and wrong examples, and stays inside [0, 1]", () => {
  const few = wilsonInterval(3, 50);
  const many = wilsonInterval(47, 50);
  assertClose(few.low, 1 - many.high, 1e-15);
  assertClose(few.high, 1 - many.low, 1e-15);
  assert.equal(wilsonInterval(0, 7).low, 0);
  assert.equal(wilsonInterval(7, 7).high, 1);
});

test("refuses counts and confidences outside their ranges", () => {
  for (const [correct, count, confidence] of [
    [1, 0, 0.95],
    [-1, 5, 0.95],
    [6, 5, 0.95],
    [1, 5, 0],
    [1, 5, 1],
    [Number.NaN, 5, 0.9],
  ] as const) {
    assert.throws(() => wilsonInterval(correct, count, confidence), RangeError);
  }
});
