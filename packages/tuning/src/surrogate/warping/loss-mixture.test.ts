import assert from "node:assert/strict";
import { test } from "node:test";
import { lossAt, warp } from "./log-warp.js";
import { expectedLoss, lossDeviation, lossQuantile } from "./loss-mixture.js";

const WARP = warp(Float64Array.of(0, 0.4, 1, 3), 0.5);
const Z_95 = 1.959963984540054;

test("returns the quantiles of a single warped normal distribution", () => {
  const components = [{ warp: WARP, target: { mean: 0.3, variance: 0.16 } }];
  for (const [share, z] of [
    [0.025, Z_95],
    [0.5, 0],
    [0.975, -Z_95],
  ] as const) {
    const expected = lossAt(WARP, 0.3 + 0.4 * z);
    assert.ok(Math.abs(lossQuantile(components, share) - expected) < 1e-12, `${share}`);
  }
});

test("agrees with numerical integration in the mean, the deviation and the probabilities below quantiles", () => {
  const components = [
    { warp: WARP, target: { mean: -1, variance: 0.04 } },
    { warp: warp(Float64Array.of(0, 0.4, 1, 3), 1e3), target: { mean: 1, variance: 0.01 } },
  ];
  // The reference: losses on an even grid of each component's standardised target.
  const losses = components.flatMap(({ warp: scale, target: { mean, variance } }) =>
    normalGrid().map(([z, share]) => ({ loss: lossAt(scale, mean + z * Math.sqrt(variance)), share: share / 2 })),
  );
  const mean = losses.reduce((sum, { loss, share }) => sum + share * loss, 0);
  assert.ok(Math.abs(expectedLoss(components) - mean) < 1e-6, "the reference rounds at the tangent's end");
  const variance = losses.reduce((sum, { loss, share }) => sum + share * (loss - mean) ** 2, 0);
  assert.ok(Math.abs(lossDeviation(components, mean) / Math.sqrt(variance) - 1) < 1e-3);
  for (const probability of [0.025, 0.4, 0.9]) {
    const quantile = lossQuantile(components, probability);
    const below = losses.reduce((sum, { loss, share }) => sum + (loss <= quantile ? share : 0), 0);
    // A grid point has at most 4e-4 of the probability of its component.
    assert.ok(Math.abs(below - probability) < 5e-4, `${below} below the quantile of ${probability}`);
  }
});

/** Returns the points of a grid of step 0.001 and their standard normal probabilities. */
function normalGrid(): [z: number, share: number][] {
  return Array.from({ length: 16_001 }, (_, i) => {
    const z = (i - 8000) / 1000;
    return [z, Math.exp(-0.5 * z * z) / Math.sqrt(2 * Math.PI) / 1000];
  });
}
