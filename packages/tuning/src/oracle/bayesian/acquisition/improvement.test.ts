import assert from "node:assert/strict";
import { test } from "node:test";
import { expectedGain, improvementProbability } from "./improvement.js";
import { logH } from "./log-expected-improvement.js";

test("is expected improvement in closed form for a linear gain", () => {
  for (const [mean, sd, best] of [
    [0, 1, 0],
    [1, 0.3, 0.5],
    [-2, 0.5, 1],
    [5, 0.1, 0],
    [-1, 1, 6],
  ] as const) {
    const closed = sd * Math.exp(logH((mean - best) / sd));
    const gain = expectedGain({ mean, sd }, best, (target) => target - best);
    // Steps h are at most sd / 16, and the tail falls by e^-7 per sd: h⁴ 7⁴ / 180 = 2e-4.
    assert.ok(Math.abs(gain - closed) < 2e-4 * closed, `${mean}, ${sd}, ${best}: ${gain} instead of ${closed}`);
  }
});

test("integrates a gain that is not linear", () => {
  // E (e^t - 1)⁺ of a standard normal t is √e Φ(1) - Φ(0).
  const closed = Math.exp(0.5) * 0.8413447460685429 - 0.5;
  const gain = expectedGain({ mean: 0, sd: 1 }, 0, Math.expm1);
  assert.ok(Math.abs(gain - closed) < 1e-6);
});

test("is 1/2 where the mean is the best target, and keeps its precision far below", () => {
  assert.equal(improvementProbability({ mean: 2, sd: 0.1 }, 2), 0.5);
  // Φ(-10), Abramowitz, Stegun table 26.2.
  assert.ok(Math.abs(improvementProbability({ mean: 0, sd: 1 }, 10) / 7.6198530241605e-24 - 1) < 1e-9);
});
