import assert from "node:assert/strict";
import { test } from "node:test";
import { createRandom } from "../random/random.js";
import { meanInterval } from "./mean-interval.js";

test("is Student's: 10, 12, 14 and the table's 4.303 for two degrees of freedom", () => {
  const { mean, low, high } = meanInterval([10, 12, 14]);
  const margin = (4.303 * 2) / Math.sqrt(3);
  // The table has three decimals.
  assert.ok(Math.abs(mean - 12) < 1e-12 && Math.abs(low - 12 + margin) < 1e-3 && Math.abs(high - 12 - margin) < 1e-3);
});

test("holds the true mean in 95 % of samples", () => {
  const random = createRandom(3);
  let held = 0;
  for (let i = 0; i < 4_000; i++) {
    const { low, high } = meanInterval(Array.from({ length: 4 }, () => 7 + random.normal()));
    if (low <= 7 && high >= 7) held += 1;
  }
  // Four standard errors of a share of 95 % in 4,000 samples.
  assert.ok(Math.abs(held / 4_000 - 0.95) < 0.014, `${held / 4_000}`);
});

test("is a point for equal numbers", () => {
  assert.deepEqual(meanInterval([0.5, 0.5]), { mean: 0.5, low: 0.5, high: 0.5 });
});
