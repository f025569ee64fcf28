import assert from "node:assert/strict";
import { test } from "node:test";
import { createRandom } from "../../random/random.js";
import { MarginalLikelihood } from "./marginal-likelihood.js";
import { correlation } from "./matern.js";
import { pointSet } from "./model.js";

test("has the closed form of two observations", () => {
  const likelihood = new MarginalLikelihood(
    pointSet([{ isNominal: false }], [Float64Array.of(0.2), Float64Array.of(0.7)]),
  );
  const parameters = { lengthScales: Float64Array.of(0.5), signalVariance: 2, noiseVariance: 0.1 };
  const [a, b] = [2.1, 2 * correlation(((0.2 - 0.7) / 0.5) ** 2)];
  const determinant = a * a - b * b;
  const fit = (a * 1.3 * 1.3 + 2 * b * 1.3 * 0.4 + a * 0.4 * 0.4) / determinant;
  const expected = -0.5 * (fit + Math.log(determinant) + 2 * Math.log(2 * Math.PI));
  const targets = Float64Array.of(1.3, -0.4);
  const value = likelihood.valueAt(parameters, targets) ?? assert.fail();
  const { alpha } = likelihood.slopesAt(parameters, targets);
  assert.ok(Math.abs(value - expected) < 1e-14);
  assert.ok(Math.abs((alpha[0] as number) - (a * 1.3 + b * 0.4) / determinant) < 1e-14);
});

test("has the closed form of two observations with correlated detail", () => {
  const likelihood = new MarginalLikelihood(
    pointSet([{ isNominal: false }], [Float64Array.of(0.2), Float64Array.of(0.21)]),
  );
  const parameters = { lengthScales: Float64Array.of(0.5), signalVariance: 2, noiseVariance: 0.1, detailVariance: 0.7 };
  // The distance is half a length scale of detail.
  const [a, b] = [2.8, 2 * correlation((0.01 / 0.5) ** 2) + 0.7 * correlation(0.25)];
  const determinant = a * a - b * b;
  const fit = (a * 1.3 * 1.3 + 2 * b * 1.3 * 0.4 + a * 0.4 * 0.4) / determinant;
  const expected = -0.5 * (fit + Math.log(determinant) + 2 * Math.log(2 * Math.PI));
  const value = likelihood.valueAt(parameters, Float64Array.of(1.3, -0.4)) ?? assert.fail();
  assert.ok(Math.abs(value - expected) < 1e-12, `${value}, ${expected}`);
});

test("returns gradients that agree with finite differences, for any number of points", () => {
  const random = createRandom(5);
  const kinds = [{ isNominal: false }, { isNominal: true }, { isNominal: false }];
  for (const n of [1, 2, 6, 11]) {
    const points = Array.from({ length: n }, () =>
      Float64Array.of(random.uniform(), random.integer(2), random.uniform()),
    );
    const targets = Float64Array.from({ length: n }, () => random.normal());
    const likelihood = new MarginalLikelihood(pointSet(kinds, points));
    const logarithms = [0.4, 1.5, 0.9, 1.7, 0.03].map(Math.log);
    const at = (x: readonly number[]) => likelihood.valueAt(kernelAt(x), targets) ?? assert.fail();
    const { gradient } = likelihood.slopesAt(kernelAt(logarithms), targets);
    logarithms.forEach((logarithm, i) => {
      const step = 1e-5;
      const up = at(logarithms.with(i, logarithm + step));
      const down = at(logarithms.with(i, logarithm - step));
      // The errors are of the order of step² and of rounding / step.
      assert.ok(Math.abs((up - down) / (2 * step) - (gradient[i] as number)) < 1e-7, `parameter ${i}, ${n} points`);
    });
  }
});

test("returns derivatives that agree with finite differences if some observations state their noise", () => {
  const random = createRandom(6);
  const points = Array.from({ length: 7 }, () =>
    Float64Array.of(random.uniform(), random.integer(2), random.uniform()),
  );
  const targets = Float64Array.from({ length: 7 }, () => random.normal());
  const likelihood = new MarginalLikelihood(
    pointSet([{ isNominal: false }, { isNominal: true }, { isNominal: false }], points),
  );
  const stated = Float64Array.of(0.2, Number.NaN, 0.01, Number.NaN, 0.5, Number.NaN, 0.3);
  const logarithms = [0.4, 1.5, 0.9, 1.7, 0.03].map(Math.log);
  const at = (x: readonly number[], statedNoise: Float64Array) =>
    likelihood.valueAt({ ...kernelAt(x), statedNoise, meanVariance: 2 }, targets) ?? assert.fail();
  const kernel = { ...kernelAt(logarithms), statedNoise: stated, meanVariance: 2 };
  const { gradient, byNoise } = likelihood.slopesAt(kernel, targets);
  const step = 1e-5;
  for (const i of logarithms.keys()) {
    const [up, down] = [step, -step].map((h) => at(logarithms.with(i, (logarithms[i] ?? 0) + h), stated));
    // The errors are of the order of step² and of rounding / step, as above.
    const numeric = ((up as number) - (down as number)) / (2 * step);
    assert.ok(Math.abs(numeric - (gradient[i] as number)) < 1e-7, `parameter ${i}`);
  }
  for (const i of [0, 2, 4, 6]) {
    const h = step * (stated[i] as number);
    const [up, down] = [h, -h].map((shift) => at(logarithms, stated.with(i, (stated[i] as number) + shift)));
    const slope = byNoise[i] as number;
    const numeric = ((up as number) - (down as number)) / (2 * h);
    assert.ok(Math.abs(numeric - slope) < 1e-5 * Math.max(1, Math.abs(slope)), `noise ${i}`);
  }
});

function kernelAt(logarithms: readonly number[]) {
  const [lengthScales, [signal, noise]] = [logarithms.slice(0, 3), logarithms.slice(3)];
  return {
    lengthScales: Float64Array.from(lengthScales, Math.exp),
    signalVariance: Math.exp(signal as number),
    noiseVariance: Math.exp(noise as number),
  };
}

test("returns the same derivatives in repeated calls and after a call of valueAt", () => {
  const likelihood = new MarginalLikelihood(
    pointSet([{ isNominal: false }], [Float64Array.of(0.2), Float64Array.of(0.7)]),
  );
  const targets = Float64Array.of(1.3, -0.4);
  const kernel = { lengthScales: Float64Array.of(0.5), signalVariance: 2, noiseVariance: 0.1 };
  likelihood.valueAt(kernel, targets);
  const first = likelihood.slopesAt(kernel, targets);
  assert.deepEqual(likelihood.slopesAt(kernel, targets), first);
  likelihood.valueAt({ ...kernel, signalVariance: 1 }, targets);
  assert.deepEqual(likelihood.slopesAt(kernel, targets), first);
});
