import assert from "node:assert/strict";
import { test } from "node:test";
import { createRandom } from "@sintonia/tuning/random/random";
import { foldNoise } from "./fold-noise.js";

const EFFECTS = [0.55, 0.58, 0.54, 0.12, 0.64];

test("leaves out what the folds have in common", () => {
  const trials = [0, 0.03, -0.2].map((shift) => EFFECTS.map((effect) => effect + shift));
  for (const variance of foldNoise(trials) ?? [1]) assert.ok(Math.abs(variance) < 1e-30, String(variance));
});

test("is the variance of the rest, whatever the folds do", () => {
  const random = createRandom(4);
  for (const count of [2, 3, 20]) {
    const studies = Array.from({ length: 400 }, () => {
      const trials = Array.from({ length: count }, () => EFFECTS.map((effect) => effect + 0.02 * random.normal()));
      const variances = foldNoise(trials) as readonly number[];
      return variances.reduce((sum, variance) => sum + variance / count, 0);
    });
    const mean = studies.reduce((sum, variance) => sum + variance / studies.length, 0);
    // Medians of many trials vary more than means: the estimate is up to a tenth too large.
    assert.ok(mean > 0.9 * 0.02 ** 2 && mean < 1.15 * 0.02 ** 2, `${count}: ${mean}`);
  }
});

test("a trial that diverged in a fold does not change the noise of the others", () => {
  const trials = [0, 0.03, 0.01, -0.2].map((shift) => EFFECTS.map((effect) => effect + shift));
  const variances = foldNoise([...trials, EFFECTS.with(2, -1e6)]) as readonly number[];
  for (const variance of variances.slice(0, 4)) assert.ok(variance < 0.01, String(variance));
});

test("one trial does not tell folds from noise", () => {
  assert.equal(foldNoise([EFFECTS]), undefined);
  assert.equal(foldNoise([]), undefined);
});
