import assert from "node:assert/strict";
import { test } from "node:test";
import { createRandom } from "../../random/random.js";
import { correlation, correlationSlope, detailCorrelation } from "./matern.js";
import { type KernelParameters, pointAt, pointSet, type TrainingSet } from "./model.js";
import { conditionOn, type Posterior } from "./posterior.js";

const KERNEL: KernelParameters = {
  lengthScales: Float64Array.of(0.4, 0.9, 1.5),
  signalVariance: 1.7,
  noiseVariance: 0.03,
};

test("computes the Matérn correlation and its slope", () => {
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
  const points = pointSet([{ isNominal: false }], [Float64Array.of(0.2), Float64Array.of(0.7)]);
  const data: TrainingSet = { ...points, targets: Float64Array.of(1.3, -0.4) };
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
});

test("correlates the detail of close points only", () => {
  for (const d of [1, 4]) {
    const near = detailCorrelation(d * 0.001 ** 2, d);
    assert.ok(near > 0.99, `${near}`);
    assert.ok(detailCorrelation(d * 0.1 ** 2, d) < 0.001);
  }
});

test("includes the detail at an observed point in the function's posterior", () => {
  const data = randomData(9, 1);
  const [noise, detail] = [0.4, 0.9];
  const posterior = conditioned(data, { ...KERNEL, noiseVariance: noise, detailVariance: detail });
  // At an observed point: mean = y_i - noise α_i and variance = noise - noise² [K⁻¹]_ii, α = K⁻¹ y.
  const inverse = inverseOf(posterior);
  for (const [i, target] of data.targets.entries()) {
    const row = inverse[i] as Float64Array;
    const alpha = row.reduce((sum, value, j) => sum + value * (data.targets[j] as number), 0);
    const { mean, variance } = posterior.predict(pointAt(data, i));
    assert.ok(Math.abs(mean - (target - noise * alpha)) < 1e-12, `mean at point ${i}`);
    assert.ok(Math.abs(variance - (noise - noise * noise * (row[i] as number))) < 1e-12, `variance at point ${i}`);
  }
});

test("interpolates observations without noise, with variance 0", () => {
  const data = randomData(9, 1);
  const posterior = conditioned(data, { ...KERNEL, noiseVariance: 0 });
  data.targets.forEach((target, i) => {
    const { mean, variance } = posterior.predict(pointAt(data, i));
    assert.ok(Math.abs(mean - target) < 1e-8, `mean at point ${i}`);
    assert.ok(variance < 1e-8, `variance at point ${i}`);
  });
});

test("returns to the prior far from all observations", () => {
  const { mean, variance } = conditioned(randomData(5, 2), KERNEL).predict(Float64Array.of(100, 100, 0.5));
  assert.ok(Math.abs(mean) < 1e-12);
  assert.ok(Math.abs(variance - KERNEL.signalVariance) < 1e-12);
});

test("has the closed form of two observations with different noise and an unknown mean", () => {
  const points = pointSet([{ isNominal: false }], [Float64Array.of(0.2), Float64Array.of(0.7)]);
  const parameters = {
    lengthScales: Float64Array.of(0.5),
    signalVariance: 2,
    noiseVariance: 0.1,
    statedNoise: Float64Array.of(Number.NaN, 0.8),
    meanVariance: 3,
  };
  const at = (x: number, y: number) => 3 + 2 * correlation(((x - y) / 0.5) ** 2);
  const [a, b, c] = [5.1, at(0.2, 0.7), 5.8];
  const determinant = a * c - b * b;
  const [k1, k2] = [at(0.5, 0.2), at(0.5, 0.7)];
  const mean = (k1 * (c * 1.3 + b * 0.4) + k2 * (-b * 1.3 - a * 0.4)) / determinant;
  const variance = 5 - (c * k1 * k1 - 2 * b * k1 * k2 + a * k2 * k2) / determinant;
  const posterior = conditionOn(points, Float64Array.of(1.3, -0.4), parameters) ?? assert.fail();
  const prediction = posterior.predict(Float64Array.of(0.5));
  assert.ok(Math.abs(prediction.mean - mean) < 1e-13);
  assert.ok(Math.abs(prediction.variance - variance) < 1e-13);
});

test("does not depend on the order of observations", () => {
  const data = randomData(10, 3);
  const order = Array.from({ length: 10 }, (_, i) => 9 - i);
  const points = pointSet(
    data.kinds,
    order.map((i) => pointAt(data, i)),
  );
  const reversed = { ...points, targets: Float64Array.from(order, (i) => data.targets[i] as number) };
  const x = Float64Array.of(0.3, 0.3, 0.5);
  const [a, b] = [conditioned(data, KERNEL).predict(x), conditioned(reversed, KERNEL).predict(x)];
  assert.ok(Math.abs(a.mean - b.mean) < 1e-12);
  assert.ok(Math.abs(a.variance - b.variance) < 1e-12);
});

test("returns gradients of functions of v that agree with finite differences", () => {
  const data = randomData(10, 4);
  const posterior = conditioned(data, KERNEL);
  const weights = Float64Array.from(data.targets, (target, i) => Math.cos(i) + target);
  const weighted = (x: Float64Array) => posterior.whiten(x).reduce((sum, v, i) => sum + v * (weights[i] as number), 0);
  const x = Float64Array.of(0.31, 0.62, 0.5);
  posterior.whiten(Float64Array.from(x, () => 0.5));
  const gradient = posterior.gradient(x, weights);
  for (const i of [0, 1]) {
    const step = 1e-5;
    const up = weighted(x.with(i, (x[i] as number) + step));
    const down = weighted(x.with(i, (x[i] as number) - step));
    // The errors are of the order of step² and of rounding / step.
    assert.ok(Math.abs((up - down) / (2 * step) - (gradient[i] as number)) < 1e-8, `by coordinate ${i}`);
  }
  assert.equal(gradient[2], 0, "the gradient is 0 in a nominal dimension");
});

test("predicts the same after a permutation of nominal coordinates", () => {
  const data = randomData(10, 6);
  const permute = (point: Float64Array) =>
    point.with(2, CATEGORIES[(CATEGORIES.indexOf(point[2] as number) + 1) % 3] as number);
  const permuted = pointSet(
    data.kinds,
    Array.from({ length: 10 }, (_, i) => permute(pointAt(data, i))),
  );
  const x = Float64Array.of(0.4, 0.1, CATEGORIES[0] as number);
  const before = conditioned(data, KERNEL).predict(x).mean;
  const after = conditioned({ ...permuted, targets: data.targets }, KERNEL).predict(permute(x)).mean;
  assert.ok(Math.abs(before - after) < 1e-12);
});

test("has the same mean and a smaller variance near a pending point", () => {
  const data = randomData(8, 7);
  const pending = Float64Array.of(0.5, 0.5, CATEGORIES[0] as number);
  const points = pointSet(data.kinds, [...Array.from({ length: 8 }, (_, i) => pointAt(data, i)), pending]);
  const [before, after] = [conditioned(data, KERNEL), conditioned({ ...points, targets: data.targets }, KERNEL)];
  const x = Float64Array.of(0.55, 0.5, CATEGORIES[0] as number);
  assert.ok(Math.abs(before.predict(x).mean - after.predict(x).mean) < 1e-12);
  assert.ok(after.predict(x).variance < before.predict(x).variance / 2);
});

test("changes the mean by the last entry of v if the pending value is one standard deviation above its mean", () => {
  const data = randomData(8, 8);
  const pending = Float64Array.of(0.5, 0.5, CATEGORIES[0] as number);
  const points = pointSet(data.kinds, [...Array.from({ length: 8 }, (_, i) => pointAt(data, i)), pending]);
  const unknown = conditioned({ ...points, targets: data.targets }, KERNEL);
  const { mean, variance } = conditioned(data, KERNEL).predict(pending);
  const outcome = mean + Math.sqrt(variance + KERNEL.noiseVariance);
  const known = conditioned({ ...points, targets: Float64Array.from([...data.targets, outcome]) }, KERNEL);
  const x = Float64Array.of(0.6, 0.4, CATEGORIES[0] as number);
  const shift = unknown.whiten(x)[8] as number;
  assert.ok(Math.abs(known.predict(x).mean - unknown.predict(x).mean - shift) < 1e-12);
});

function conditioned(data: TrainingSet, parameters: KernelParameters): Posterior {
  const posterior = conditionOn(data, data.targets, parameters);
  assert.ok(posterior !== undefined);
  return posterior;
}

/** Coordinates of the three categories of the last dimension. */
const CATEGORIES = [1 / 6, 1 / 2, 5 / 6];

/** Returns random points of two numeric dimensions and a nominal one, with random targets. */
function randomData(n: number, seed: number): TrainingSet {
  const random = createRandom(seed);
  const kinds = [{ isNominal: false }, { isNominal: false }, { isNominal: true }];
  const points = Array.from({ length: n }, () =>
    Float64Array.of(random.uniform(), random.uniform(), CATEGORIES[random.integer(3)] as number),
  );
  return { ...pointSet(kinds, points), targets: Float64Array.from({ length: n }, () => random.normal()) };
}

/** Returns the rows of K⁻¹ = L⁻ᵀ L⁻¹. */
function inverseOf({ inverseFactor, points: { count } }: Posterior): Float64Array[] {
  const factorAt = (i: number, j: number) => (j > i ? 0 : (inverseFactor[(i * (i + 1)) / 2 + j] as number));
  return Array.from({ length: count }, (_, i) =>
    Float64Array.from({ length: count }, (_, j) => {
      let sum = 0;
      for (let k = 0; k < count; k++) sum += factorAt(k, i) * factorAt(k, j);
      return sum;
    }),
  );
}
