import assert from "node:assert/strict";
import { test } from "node:test";
import { createRandom, type Random } from "../random/random.js";
import { fitParameters } from "./fit.js";
import { MarginalLikelihood } from "./gaussian-process/marginal-likelihood.js";
import { pointSet } from "./gaussian-process/model.js";
import {
  BEND_PRIOR,
  type LogNormalPrior,
  lengthScalePrior,
  logDensity,
  NOISE_PRIOR,
  SIGNAL_PRIOR,
} from "./gaussian-process/prior.js";
import { lossesOf, type Sample } from "./observation/observed-losses.js";
import { warp } from "./warping/log-warp.js";

test("finds a local maximum of the posterior density", () => {
  const random = createRandom(7);
  const points = Array.from({ length: 25 }, () => Float64Array.of(random.uniform(), random.uniform()));
  const scores = points.map(([x]) => Math.sin(6 * (x as number)) + 0.3 * random.normal());
  const sample = { points: pointSet(new Array(2).fill({ isNominal: false }), points), ...lossesOf(scores) };
  const { lengthScales, signalVariance, noiseVariance, bend } = fitParameters(sample);
  const logarithms = [...lengthScales, signalVariance, noiseVariance, bend].map(Math.log);
  const best = logPosterior(sample, logarithms);
  logarithms.forEach((logarithm, i) => {
    for (const step of [-0.1, 0.1]) {
      const changed = logPosterior(sample, logarithms.with(i, logarithm + step));
      assert.ok(changed < best, `parameter ${i}, step ${step}: ${changed} is above ${best}`);
    }
  });
});

test("estimates the noise that was added, and little noise for a function without noise", () => {
  // The standard deviations are about 0.9 (wave) and 0.5 (noise): noise is a quarter of the
  // variance.
  const noisy = fitParameters(wave((random) => 0.5 * random.normal()));
  assert.ok(noisy.noiseVariance > 0.08 && noisy.noiseVariance < 0.45, `${noisy.noiseVariance}`);
  const clean = fitParameters(wave(() => 0));
  assert.ok(clean.noiseVariance < 1e-3, `${clean.noiseVariance}`);
});

test("chooses a small bend for losses that span orders of magnitude, and a large bend otherwise", () => {
  const straight = fitParameters(wave(() => 0));
  const points = Array.from({ length: 40 }, (_, i) => Float64Array.of(i / 39));
  const scores = points.map(([x]) => -Math.exp(6 * Math.sin(6 * (x as number))));
  const spanning = { points: pointSet([{ isNominal: false }], points), ...lossesOf(scores) };
  assert.ok(fitParameters(spanning).bend < straight.bend / 10, `${fitParameters(spanning).bend} of ${straight.bend}`);
});

test("chooses a bend of at least ten standard deviations of the stated noise", () => {
  const random = createRandom(3);
  const points = Array.from({ length: 40 }, (_, i) => Float64Array.of(i / 39));
  const scores = points.map(([x]) => -20 * ((x as number) - 0.4) ** 2 + 0.5 * random.normal());
  const { losses, scale } = lossesOf(scores);
  const sd = 0.5 / scale.unit;
  const sample = { points: pointSet([{ isNominal: false }], points), losses, scale };
  const { bend } = fitParameters({ ...sample, noise: losses.map(() => sd * sd) });
  assert.ok(bend >= 10 * sd * (1 - 1e-12), `${bend}, ${sd}`);
});

test("returns parameters within the priors' bounds for degenerate data", () => {
  const one = Float64Array.of(0.5);
  const cases: [points: Float64Array[], scores: number[]][] = [
    [[one], [0]],
    [new Array(5).fill(one), [1, 1, 1, 1, 1]],
    [new Array(4).fill(one), [-1, 1, -1, 1]],
    [
      [one, Float64Array.of(0.1)],
      [1e300, -1e300],
    ],
    [Array.from({ length: 200 }, () => one), Array.from({ length: 200 }, (_, i) => i % 2)],
  ];
  for (const [i, [points, scores]] of cases.entries()) {
    const sample = { points: pointSet([{ isNominal: false }], points), ...lossesOf(scores) };
    const { lengthScales, signalVariance, noiseVariance, bend } = fitParameters(sample);
    const priors: [LogNormalPrior, number][] = [
      [lengthScalePrior(1), lengthScales[0] as number],
      [SIGNAL_PRIOR, signalVariance],
      [NOISE_PRIOR, noiseVariance],
      [BEND_PRIOR, bend],
    ];
    for (const [{ min, max }, value] of priors) {
      assert.ok(value >= min * 0.999 && value <= max * 1.001, `${value} in case ${i}`);
    }
  }
});

function wave(noise: (random: Random) => number): Sample {
  const random = createRandom(8);
  const points = Array.from({ length: 40 }, (_, i) => Float64Array.of(i / 39));
  const scores = points.map(([x]) => Math.sin(6 * (x as number)) * 1.4 + noise(random));
  return { points: pointSet([{ isNominal: false }], points), ...lossesOf(scores) };
}

function logPosterior({ points, losses }: Sample, logarithms: readonly number[]): number {
  const d = points.kinds.length;
  const priors = [...new Array(d).fill(lengthScalePrior(d)), SIGNAL_PRIOR, NOISE_PRIOR, BEND_PRIOR];
  const density = priors.reduce((sum, prior, i) => sum + logDensity(prior, logarithms[i] as number).value, 0);
  const [signalVariance, noiseVariance, bend] = logarithms.slice(d).map(Math.exp) as [number, number, number];
  const { targets, logJacobian } = warp(losses, bend);
  const parameters = {
    lengthScales: Float64Array.from(logarithms.slice(0, d), Math.exp),
    signalVariance,
    noiseVariance,
  };
  const value = new MarginalLikelihood(points).valueAt(parameters, targets) ?? assert.fail();
  return value + logJacobian + density;
}
