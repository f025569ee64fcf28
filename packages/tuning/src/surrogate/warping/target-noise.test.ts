import assert from "node:assert/strict";
import { test } from "node:test";
import { warp } from "./log-warp.js";
import { targetNoise } from "./target-noise.js";

const LOSSES = Float64Array.of(0, 0.2, 1, 7);
const NOISE = Float64Array.of(0.01, Number.NaN, 0.04, 0.5);

test("scales with the squared slope of the warp, and has derivatives that agree with finite differences", () => {
  for (const bend of [0.02, 1, 300]) {
    const at = (c: number) => targetNoise({ losses: LOSSES, noise: NOISE }, warp(LOSSES, c));
    const { variances, slopes } = at(bend);
    const scale = warp(LOSSES, bend);
    for (const i of [0, 2, 3]) {
      const loss = LOSSES[i] as number;
      const step = 1e-5 * bend;
      const target = (l: number) => (-Math.log1p(l / bend) - scale.mean) / scale.sd;
      const slope = (target(loss + step) - target(loss - step)) / (2 * step);
      assert.ok(Math.abs((variances[i] as number) / ((NOISE[i] as number) * slope * slope) - 1) < 1e-6, `bend ${bend}`);
      const [up, down] = [at(bend * Math.exp(1e-5)).variances[i], at(bend * Math.exp(-1e-5)).variances[i]];
      const numeric = ((up as number) - (down as number)) / 2e-5;
      // The error of second-order differences, relative to the variance.
      assert.ok(Math.abs(numeric - (slopes[i] as number)) < 1e-7 * (variances[i] as number), `slope at bend ${bend}`);
    }
    assert.ok(Number.isNaN(variances[1]), "an unknown variance stays unknown");
    assert.equal(slopes[1], 0);
  }
});

test("returns unknown variances for equal losses", () => {
  const equal = new Float64Array(2);
  const { variances, slopes } = targetNoise({ losses: equal, noise: Float64Array.of(1, 2) }, warp(equal, 1));
  assert.deepEqual([...variances, ...slopes], [Number.NaN, Number.NaN, 0, 0]);
});
