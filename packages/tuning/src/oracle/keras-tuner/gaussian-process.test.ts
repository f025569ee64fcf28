// Comparison with figures recorded from scikit-learn 1.9.1.

import assert from "node:assert/strict";
import { test } from "node:test";
import { distancesBetween, fitRegressor, logLikelihood, standardised } from "./gaussian-process.js";

const POINTS = [0.1, 0.4, 0.55, 0.9].map((x) => Float64Array.of(x));
const TARGETS = Float64Array.of(-0.981, -0.985, -0.9846, -0.979);
const SETTINGS = { seed: 4750, lengthMin: 1e-5 };

test("scales targets and measures the likelihood as scikit-learn does", () => {
  const { mean, unit, scaled } = standardised(TARGETS);
  close(mean, -0.9824, 1e-15);
  close(unit, 0.0025059928172283456, 1e-16);
  for (const [length, expected] of [
    [0.1, -5.459105284],
    [0.3, -5.7355575522],
    [1, -43.1372204191],
  ] as const) {
    close(logLikelihood(distancesBetween(POINTS), scaled, Math.log(length))[0], expected, 1e-9);
  }
});

test("has the derivative of the likelihood of finite differences", () => {
  const { scaled } = standardised(TARGETS);
  const distances = distancesBetween(POINTS);
  for (const logLength of [-5, -2, -1, 0, 2]) {
    const step = 1e-5;
    const [up] = logLikelihood(distances, scaled, logLength + step);
    const [down] = logLikelihood(distances, scaled, logLength - step);
    const [, slope] = logLikelihood(distances, scaled, logLength);
    close(slope, (up - down) / (2 * step), 1e-6 * Math.max(1, Math.abs(slope)));
  }
});

test("finds the length scale and predicts as scikit-learn does", () => {
  const regressor = fitRegressor({ points: POINTS, targets: TARGETS }, SETTINGS);
  close(regressor.lengthScale, 0.1711743437, 1e-6);
  for (const [x, mean, sd] of [
    [0, -0.9811192607, 0.0015597459],
    [0.47, -0.9851487023, 0.0006372643],
    [1, -0.979653902, 0.001566724],
  ] as const) {
    const prediction = regressor.predict(Float64Array.of(x));
    // The recorded figures have ten digits; the recorded length scale is accurate to six.
    close(prediction.mean, mean, 1e-8);
    close(prediction.sd, sd, 1e-8);
  }
});

test("has its lowest confidence bound where a grid of 100,000 points has it", () => {
  const regressor = fitRegressor({ points: POINTS, targets: TARGETS }, SETTINGS);
  const { mean, sd } = regressor.predict(Float64Array.of(0.28892));
  close(mean - 2.6 * sd, -0.9871758021, 1e-8);
});

test("has the gradients of finite differences", () => {
  const points = [Float64Array.of(0.1, 0.9), Float64Array.of(0.4, 0.2), Float64Array.of(0.8, 0.7)];
  const { predict } = fitRegressor({ points, targets: Float64Array.of(3, 1, 2) }, { seed: 1, lengthMin: 0.05 });
  const at = Float64Array.of(0.5, 0.45);
  const { meanGradient, sdGradient } = predict(at);
  for (const axis of [0, 1]) {
    const step = 1e-6;
    const up = predict(at.with(axis, (at[axis] as number) + step));
    const down = predict(at.with(axis, (at[axis] as number) - step));
    close(meanGradient[axis] as number, (up.mean - down.mean) / (2 * step), 1e-6);
    close(sdGradient[axis] as number, (up.sd - down.sd) / (2 * step), 1e-6);
  }
});

test("accepts equal targets and repeated points", () => {
  const points = [0.5, 0.5, 0.5].map((x) => Float64Array.of(x));
  const { mean, sd } = fitRegressor({ points, targets: Float64Array.of(2, 2, 2) }, SETTINGS).predict(
    Float64Array.of(0.1),
  );
  assert.equal(mean, 2);
  assert.ok(Number.isFinite(sd));
});

function close(actual: number, expected: number, tolerance: number): void {
  assert.ok(Math.abs(actual - expected) <= tolerance, `${actual} is not ${expected}`);
}
