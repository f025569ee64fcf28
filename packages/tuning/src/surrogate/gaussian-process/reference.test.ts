// Compares the Gaussian process with the GaussianProcessRegressor of scikit-learn 1.9.1:
// Matern(nu=2.5), alpha=1e-4, normalize_y=True.
//
//   x   points of the unit interval     shape (4,)
//   y   targets (y - Y_MEAN) / Y_SD     shape (4,), mean 0, variance 1

import assert from "node:assert/strict";
import { test } from "node:test";
import { MarginalLikelihood } from "./marginal-likelihood.js";
import { type KernelParameters, pointSet, type TrainingSet } from "./model.js";
import { conditionOn } from "./posterior.js";

const Y_MEAN = -0.9824;
const Y_SD = 0.0025059928172283456;
const DATA: TrainingSet = {
  ...pointSet(
    [{ isNominal: false }],
    [0.1, 0.4, 0.55, 0.9].map((x) => Float64Array.of(x)),
  ),
  targets: Float64Array.of(-0.981, -0.985, -0.9846, -0.979).map((y) => (y - Y_MEAN) / Y_SD),
};

/** Largest difference from the reference, which has ten decimals. */
const TOLERANCE = 1e-10;

test("agrees with the reference in the marginal likelihood", () => {
  const likelihood = new MarginalLikelihood(DATA);
  const reference: [lengthScale: number, value: number][] = [
    [0.1711743437, -5.3386318424],
    [0.1, -5.459105284],
    [0.3, -5.7355575522],
    [1, -43.1372204191],
  ];
  for (const [lengthScale, value] of reference) {
    const actual = likelihood.valueAt(kernel(lengthScale), DATA.targets) as number;
    assert.ok(Math.abs(actual - value) < TOLERANCE, `${actual} at ${lengthScale}`);
  }
});

test("agrees with the reference in mean and standard deviation", () => {
  const posterior = conditionOn(DATA, DATA.targets, kernel(0.1711743437));
  const reference: [x: number, mean: number, sd: number][] = [
    [0, -0.9811192607, 0.0015597459],
    [0.47, -0.9851487023, 0.0006372643],
    [1, -0.979653902, 0.001566724],
  ];
  for (const [x, mean, sd] of reference) {
    const prediction = posterior?.predict(Float64Array.of(x));
    assert.ok(prediction !== undefined);
    assert.ok(Math.abs(Y_MEAN + Y_SD * prediction.mean - mean) < TOLERANCE, `mean at ${x}`);
    assert.ok(Math.abs(Y_SD * Math.sqrt(prediction.variance) - sd) < TOLERANCE, `sd at ${x}`);
  }
});

test("has gradient 0 at the length scale that the reference fitted", () => {
  const likelihood = new MarginalLikelihood(DATA);
  const slope = likelihood.slopesAt(kernel(0.1711743437), DATA.targets).gradient[0] as number;
  // The reference states the length scale with ten digits; the second derivative is about 3.
  assert.ok(Math.abs(slope) < 1e-4, `${slope}`);
});

function kernel(lengthScale: number): KernelParameters {
  return { lengthScales: Float64Array.of(lengthScale), signalVariance: 1, noiseVariance: 1e-4 };
}
