import assert from "node:assert/strict";
import { test } from "node:test";
import { rankSumTest } from "./rank-sum.js";

test("has the p-values of scipy 1.17.1, with and without ties", () => {
  const near = (p: number, expected: number) => assert.ok(Math.abs(p - expected) < 1e-9, `${p} for ${expected}`);
  near(rankSumTest([5, 6, 7, 8, 9], [1, 2, 3, 4]), 0.019964453305216043);
  near(rankSumTest([1, 2, 3, 4], [5, 6, 7, 8, 9]), 0.019964453305216043);
  near(rankSumTest([0, 0, 0, 1, 2, 2], [0, 2, 3, 3, 4]), 0.08871369199677616);
  near(rankSumTest([1.1, 2.2, 3.3, 4.4, 5.5], [0.5, 1.5, 2.5, 3, 6, 7]), 1);
});

test("does not tell samples of equal values apart", () => {
  assert.equal(rankSumTest([2, 2, 2], [2, 2]), 1);
});
