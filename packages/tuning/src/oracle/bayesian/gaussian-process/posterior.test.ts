import assert from "node:assert/strict";
import { test } from "node:test";
import { createRandom } from "../../../random/random.js";
import { fitKernel } from "./fit.js";
import { marginalLikelihood } from "./marginal-likelihood.js";
import { correlation, correlationSlope } from "./matern.js";
import type { KernelParameters, TrainingSet } from "./model.js";
import { conditionOn, type Posterior } from "./posterior.js";
import { lengthScalePrior, logDensity, NOISE_PRIOR, SIGNAL_PRIOR } from "./prior.js";

const KERNEL: KernelParameters = {
  lengthScales: Float64Array.of(0.4, 0.9, 1.5),
  signalVariance: 1.7,
  noiseVariance: 0.03,
};

test("falls from one along the Matérn correlation", () => {
  assert.equal(correlation(0), 1);
  // At distance 1: (1 + √5 + 5/3) exp(-√5).
  assert.ok(Math.abs(correlation(1) - 0.5239941088318203) < 1e-15);
  assert.equal(correlation(1e12), 0);
  for (const s of [1e-4, 0.3, 2]) {
    const step = 1e-6 * s;
    const numeric = (correlation(s + step) - correlation(s - step)) / (2 * step);
    assert.ok(Math.abs(numeric / correlationSlope(s) - 1) < 1e-6, `slope at ${s}`);
  }
});

test("has the closed form of two observations", () => {
  const data: TrainingSet = {
    kinds: [{ isNominal: false }],
    points: [Float64Array.of(0.2), Float64Array.of(0.7)],
    targets: Float64Array.of(1.3, -0.4),
  };
  const parameters = { lengthScales: Float64Array.of(0.5), signalVariance: 2, noiseVariance: 0.1 };
  const at = (x: number, y: number) => 2 * correlation(((x - y) / 0.5) ** 2);
  const [a, b] = [2.1, at(0.2, 0.7)];
  const determinant = a * a - b * b;
  const [k1, k2] = [at(0.5, 0.2), at(0.5, 0.7)];
  const mean = (k1 * (a * 1.3 + b * 0.4) + k2 * (-b * 1.3 - a * 0.4)) / determinant;
  const variance = 2 - (a * k1 * k1 - 2 * b * k1 * k2 + a * k2 * k2) / determinant;
  const prediction = conditioned(data, parameters).predict(Float64Array.of(0.5));
  assert.ok(Math.abs(prediction.mean - mean) < 1e-14);
  assert.ok(Math.abs(prediction.variance - variance) < 1e-14);
  const fit = (a * 1.3 * 1.3 + 2 * b * 1.3 * 0.4 + a * 0.4 * 0.4) / determinant;
  const evidence = -0.5 * (fit + Math.log(determinant) + 2 * Math.log(2 * Math.PI));
  assert.ok(Math.abs((marginalLikelihood(data)(parameters)?.value as number) - evidence) < 1e-14);
});

test("passes through observations without noise and knows them for certain", () => {
  const data = randomData(8, 1);
  const posterior = conditioned(data, { ...KERNEL, noiseVariance: 0 });
  data.points.forEach((point, i) => {
    const { mean, variance } = posterior.predict(point);
    assert.ok(Math.abs(mean - (data.targets[i] as number)) < 1e-8, `mean at point ${i}`);
    assert.ok(variance < 1e-8, `variance at point ${i}`);
  });
});

test("returns to the prior far from all observations", () => {
  const { mean, variance } = conditioned(randomData(5, 2), KERNEL).predict(Float64Array.of(100, 100, 0.5));
  assert.ok(Math.abs(mean) < 1e-12);
  assert.ok(Math.abs(variance - KERNEL.signalVariance) < 1e-12);
});

test("does not depend on the order of observations", () => {
  const data = randomData(10, 3);
  const reversed = { ...data, points: [...data.points].reverse(), targets: Float64Array.from(data.targets).reverse() };
  const x = Float64Array.of(0.3, 0.3, 0.5);
  const [a, b] = [conditioned(data, KERNEL).predict(x), conditioned(reversed, KERNEL).predict(x)];
  assert.ok(Math.abs(a.mean - b.mean) < 1e-12);
  assert.ok(Math.abs(a.variance - b.variance) < 1e-12);
});

test("agrees with finite differences in the gradients of mean and variance", () => {
  const posterior = conditioned(randomData(10, 4), KERNEL);
  const x = Float64Array.of(0.31, 0.62, 0.5);
  const { meanGradient, varianceGradient } = posterior.predictWithGradient(x);
  for (const i of [0, 1]) {
    const step = 1e-5;
    const up = posterior.predict(x.with(i, (x[i] as number) + step));
    const down = posterior.predict(x.with(i, (x[i] as number) - step));
    // Second-order differences: an error of step² and of rounding / step.
    assert.ok(Math.abs((up.mean - down.mean) / (2 * step) - (meanGradient[i] as number)) < 1e-8, `mean by ${i}`);
    const varianceSlope = (up.variance - down.variance) / (2 * step);
    assert.ok(Math.abs(varianceSlope - (varianceGradient[i] as number)) < 1e-8, `variance by ${i}`);
  }
  assert.equal(meanGradient[2], 0, "a nominal dimension has no slope");
});

test("agrees with finite differences in the gradient of the marginal likelihood", () => {
  const likelihood = marginalLikelihood(randomData(12, 5));
  const logarithms = [...KERNEL.lengthScales, KERNEL.signalVariance, KERNEL.noiseVariance].map(Math.log);
  const gradient = likelihood(KERNEL)?.gradient as Float64Array;
  logarithms.forEach((logarithm, i) => {
    const step = 1e-5;
    const up = likelihood(kernelAt(logarithms.with(i, logarithm + step)))?.value as number;
    const down = likelihood(kernelAt(logarithms.with(i, logarithm - step)))?.value as number;
    assert.ok(Math.abs((up - down) / (2 * step) - (gradient[i] as number)) < 1e-7, `by parameter ${i}`);
  });
});

test("treats names as equally far from each other", () => {
  const data = randomData(10, 6);
  const posterior = conditioned(data, KERNEL);
  const rename = (point: Float64Array) => point.with(2, NAMES[(NAMES.indexOf(point[2] as number) + 1) % 3] as number);
  const renamed = conditioned({ ...data, points: data.points.map(rename) }, KERNEL);
  const x = Float64Array.of(0.4, 0.1, NAMES[0] as number);
  assert.ok(Math.abs(posterior.predict(x).mean - renamed.predict(rename(x)).mean) < 1e-12);
});

test("fits parameters at which no small change is more probable", () => {
  const noise = randomData(25, 7);
  const targets = noise.targets.map((z, i) => 0.3 * z + Math.sin(6 * (noise.points[i]?.[0] as number)));
  const data = { ...noise, targets };
  const fitted = fitKernel(data);
  const logarithms = [...fitted.lengthScales, fitted.signalVariance, fitted.noiseVariance].map(Math.log);
  const best = logPosterior(data, logarithms);
  logarithms.forEach((logarithm, i) => {
    for (const step of [-0.05, 0.05]) {
      const changed = logPosterior(data, logarithms.with(i, logarithm + step));
      assert.ok(changed < best, `parameter ${i}, step ${step}: ${changed} is above ${best}`);
    }
  });
});

test("finds the noise that was put in, and little where there is none", () => {
  const noisy = fitKernel(waveData((random) => 0.5 * random.normal()));
  assert.ok(noisy.noiseVariance > 0.1 && noisy.noiseVariance < 0.4, `${noisy.noiseVariance}`);
  const clean = fitKernel(waveData(() => 0));
  assert.ok(clean.noiseVariance < 1e-3, `${clean.noiseVariance}`);
});

test("stays within its bounds on degenerate data", () => {
  const kinds = [{ isNominal: false }];
  const sets: TrainingSet[] = [
    { kinds, points: [Float64Array.of(0.5)], targets: Float64Array.of(0) },
    { kinds, points: new Array(5).fill(Float64Array.of(0.5)), targets: new Float64Array(5) },
    { kinds, points: new Array(4).fill(Float64Array.of(0.5)), targets: Float64Array.of(-1, 1, -1, 1) },
  ];
  for (const [i, data] of sets.entries()) {
    const { lengthScales, signalVariance, noiseVariance } = fitKernel(data);
    const prior = lengthScalePrior(1);
    const length = lengthScales[0] as number;
    assert.ok(length >= prior.min * 0.999 && length <= prior.max * 1.001, `length scale of set ${i}`);
    assert.ok(signalVariance >= SIGNAL_PRIOR.min * 0.999 && signalVariance <= SIGNAL_PRIOR.max * 1.001, `set ${i}`);
    assert.ok(noiseVariance >= NOISE_PRIOR.min * 0.999 && noiseVariance <= NOISE_PRIOR.max * 1.001, `set ${i}`);
  }
});

function conditioned(data: TrainingSet, parameters: KernelParameters): Posterior {
  const posterior = conditionOn(data, parameters);
  assert.ok(posterior !== undefined);
  return posterior;
}

/** Coordinates of the three names of the last dimension. */
const NAMES = [1 / 6, 1 / 2, 5 / 6];

/** Two numeric dimensions and one of names. */
function randomData(n: number, seed: number): TrainingSet {
  const random = createRandom(seed);
  return {
    kinds: [{ isNominal: false }, { isNominal: false }, { isNominal: true }],
    points: Array.from({ length: n }, () =>
      Float64Array.of(random.uniform(), random.uniform(), NAMES[random.integer(3)] as number),
    ),
    targets: Float64Array.from({ length: n }, () => random.normal()),
  };
}

function waveData(noise: (random: ReturnType<typeof createRandom>) => number): TrainingSet {
  const random = createRandom(8);
  const points = Array.from({ length: 40 }, (_, i) => Float64Array.of(i / 39));
  const targets = Float64Array.from(points, ([x]) => Math.sin(6 * (x as number)) * 1.4 + noise(random));
  return { kinds: [{ isNominal: false }], points, targets };
}

function kernelAt(logarithms: readonly number[]): KernelParameters {
  const d = logarithms.length - 2;
  return {
    lengthScales: Float64Array.from(logarithms.slice(0, d), Math.exp),
    signalVariance: Math.exp(logarithms[d] as number),
    noiseVariance: Math.exp(logarithms[d + 1] as number),
  };
}

function logPosterior(data: TrainingSet, logarithms: readonly number[]): number {
  const d = data.kinds.length;
  const priors = [...new Array(d).fill(lengthScalePrior(d)), SIGNAL_PRIOR, NOISE_PRIOR];
  const density = priors.reduce((sum, prior, i) => sum + logDensity(prior, logarithms[i] as number).value, 0);
  return (marginalLikelihood(data)(kernelAt(logarithms))?.value as number) + density;
}
