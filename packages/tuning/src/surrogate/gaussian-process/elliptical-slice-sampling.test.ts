import assert from "node:assert/strict";
import { test } from "node:test";
import { createRandom } from "../../random/random.js";
import { drawParameters } from "./elliptical-slice-sampling.js";
import type { LogNormalPrior } from "./prior.js";

const PRIOR: LogNormalPrior = { median: 2, spread: 1.5, min: 1e-9, max: 1e9 };

test("draws from the closed-form posterior of a normal prior and a normal likelihood", () => {
  // The first logarithm has the likelihood N(1, 0.5²), the second has a constant likelihood.
  const logLikelihood = ([first]: Float64Array) => -2 * ((first as number) - 1) ** 2;
  const draws = drawParameters(
    { priors: [PRIOR, { ...PRIOR, spread: 0.5 }], logLikelihood },
    { count: 4000, stepsPerDraw: 4, random: createRandom(3) },
  );
  const precision = 1 / 1.5 ** 2 + 4;
  const expected: [mean: number, sd: number][] = [
    [(Math.log(2) / 1.5 ** 2 + 4) / precision, 1 / Math.sqrt(precision)],
    [Math.log(2), 0.5],
  ];
  for (const [i, [mean, sd]] of expected.entries()) {
    const column = draws.map((draw) => draw[i] as number);
    const average = column.reduce((sum, x) => sum + x, 0) / column.length;
    const variance = column.reduce((sum, x) => sum + (x - average) ** 2, 0) / column.length;
    // Five standard errors of 4,000 independent draws.
    assert.ok(Math.abs(average - mean) < 5 * (sd / Math.sqrt(4000)), `mean ${average}, not ${mean}`);
    assert.ok(Math.abs(variance / sd ** 2 - 1) < 5 * Math.sqrt(2 / 4000), `variance ${variance}, not ${sd ** 2}`);
  }
});

test("draws no parameters outside the bounds or with likelihood 0", () => {
  const draws = drawParameters(
    {
      priors: [{ ...PRIOR, min: 1, max: 5 }],
      logLikelihood: ([x]) => ((x as number) < Math.log(4) ? 0 : Number.NEGATIVE_INFINITY),
    },
    { count: 200, stepsPerDraw: 1, random: createRandom(4) },
  );
  assert.ok(draws.every(([x]) => Math.exp(x as number) >= 1 && Math.exp(x as number) < 4));
});

test("returns finite draws if the likelihood is 0 everywhere", () => {
  const draws = drawParameters(
    { priors: [PRIOR], logLikelihood: () => Number.NEGATIVE_INFINITY },
    { count: 3, stepsPerDraw: 1, random: createRandom(5) },
  );
  assert.ok(draws.every(([x]) => Number.isFinite(x)));
});

test("starts at the given parameters if they are more likely than the priors' medians", () => {
  // The peak is nine prior standard deviations from the median, and too narrow for a short chain
  // that starts at the median.
  const peak = Math.log(2) + 9 * 1.5;
  const distanceFrom = (start: Float64Array) => {
    const logLikelihood = ([x]: Float64Array) => -(((x as number) - peak) ** 2) / 1e-4;
    const [draw] = drawParameters(
      { priors: [PRIOR], logLikelihood, start },
      { count: 1, stepsPerDraw: 1, random: createRandom(5) },
    );
    return Math.abs(peak - (draw?.[0] as number));
  };
  assert.ok(distanceFrom(Float64Array.of(peak)) < 0.1, `${distanceFrom(Float64Array.of(peak))}`);
  assert.ok(distanceFrom(Float64Array.of(-peak)) > 0.1, "starts at the median if the given parameters are less likely");
});
