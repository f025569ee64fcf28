import assert from "node:assert/strict";
import { test } from "node:test";
import { dot, mean, upperMedian } from "./vector.js";

test("sums products in the order of the index", () => {
  assert.equal(dot(Float64Array.of(1e16, 1, -1e16), Float64Array.of(1, 1, 1)), 0);
  assert.equal(dot(Float64Array.of(1e16, -1e16, 1), Float64Array.of(1, 1, 1)), 1);
  assert.equal(dot(new Float64Array(0), Float64Array.of(3)), 0);
});

test("has the mean 0 for no values", () => {
  assert.equal(mean([1, 2, 6]), 3);
  assert.equal(mean([]), 0);
});

test("takes the larger of two middle values, and leaves the values in their order", () => {
  const values = [10, 9, 2, 1];
  assert.equal(upperMedian(values), 9);
  assert.deepEqual(values, [10, 9, 2, 1]);
  assert.equal(upperMedian([3]), 3);
  assert.equal(upperMedian([]), undefined);
});
