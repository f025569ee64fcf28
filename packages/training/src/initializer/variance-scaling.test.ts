import assert from "node:assert/strict";
import { test } from "node:test";
import type { Initializer, VarianceScaling } from "@sintonia/tuning/plan/training-plan";
import { createRandom } from "@sintonia/tuning/random/random";
import { assertShareBelow, moments } from "./distribution.fixture.js";
import { initialize } from "./initializers.js";

const SHAPE = [500, 300];
const FANS = { fan_in: 500, fan_out: 300, fan_avg: 400 } as const;
/**
 * Largest value in standard deviations of the result, and the share of values below half a
 * standard deviation.
 */
const DISTRIBUTIONS = {
  // Cut at 2 standard deviations of the uncut normal; its share between -2 and 0.5 * 0.879626.
  truncated_normal: { largest: 2 / 0.87962566103423978, share: 0.677767 },
  untruncated_normal: { largest: Number.POSITIVE_INFINITY, share: 0.691462 },
  uniform: { largest: Math.sqrt(3), share: 0.5 + 0.25 / Math.sqrt(3) },
} as const;

function draw(initializer: Initializer, shape: readonly number[] = SHAPE): Float32Array {
  return initialize(initializer, shape, createRandom(2));
}

function scaling(change: Partial<VarianceScaling>): VarianceScaling {
  return { type: "VarianceScaling", scale: 1, mode: "fan_in", distribution: "truncated_normal", ...change };
}

for (const mode of ["fan_in", "fan_out", "fan_avg"] as const) {
  for (const distribution of ["truncated_normal", "untruncated_normal", "uniform"] as const) {
    test(`scales the variance of ${distribution} by ${mode}`, () => {
      const values = draw(scaling({ scale: 3, mode, distribution }));
      const stddev = Math.sqrt(3 / FANS[mode]);
      const { largest, share } = DISTRIBUTIONS[distribution];
      const found = moments(values);
      // Five standard errors of 150,000 values: 1 / sqrt(2n) of the deviation, 1 / sqrt(n) for the
      // mean.
      assert.ok(Math.abs(found.stddev / stddev - 1) < 0.0092, `stddev ${found.stddev}, expected ${stddev}`);
      assert.ok(Math.abs(found.mean) < 0.013 * stddev, `mean ${found.mean}`);
      assert.ok(Math.max(-found.min, found.max) <= largest * stddev * (1 + 1e-6), `${found.min} to ${found.max}`);
      assertShareBelow(values, stddev / 2, share);
    });
  }
}

const CASES: readonly (readonly [Extract<Initializer["type"], `${string}${"Normal" | "Uniform"}`>, VarianceScaling])[] =
  [
    ["GlorotNormal", scaling({ mode: "fan_avg" })],
    ["GlorotUniform", scaling({ mode: "fan_avg", distribution: "uniform" })],
    ["HeNormal", scaling({ scale: 2 })],
    ["HeUniform", scaling({ scale: 2, distribution: "uniform" })],
    ["LecunNormal", scaling({})],
    ["LecunUniform", scaling({ distribution: "uniform" })],
  ];

for (const [type, same] of CASES) {
  test(`draws ${type} as its variance scaling`, () => {
    assert.deepEqual(draw({ type } as Initializer), draw(same));
  });
}

test("uses the number of units for both fans of a bias", () => {
  for (const mode of ["fan_in", "fan_out", "fan_avg"] as const) {
    const { min, max } = moments(draw(scaling({ mode, distribution: "uniform" }), [600]));
    const limit = Math.sqrt(3 / 600);
    assert.ok(Math.max(-min, max) <= limit * (1 + 1e-6) && Math.max(-min, max) > 0.98 * limit);
  }
});
