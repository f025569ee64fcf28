import assert from "node:assert/strict";
import { test } from "node:test";
import { createRandom } from "../../../random/random.js";
import { pointSet } from "../../../surrogate/gaussian-process/model.js";
import { conditionOn, type Posterior } from "../../../surrogate/gaussian-process/posterior.js";
import { fantasies } from "./fantasies.js";
import { expectedImprovement } from "./fantasy-improvement.js";
import { logH } from "./log-expected-improvement.js";

const KERNEL = { lengthScales: Float64Array.of(0.3), signalVariance: 1.5, noiseVariance: 0.01 };
const OBSERVED = [0.1, 0.35, 0.8].map((x) => Float64Array.of(x));
const TARGETS = Float64Array.of(-1, 0.7, 0.2);
const PENDING = [0.45, 0.6].map((x) => Float64Array.of(x));

test("without pending trials, is expected improvement over the best posterior mean times the noise factor", () => {
  const posterior = conditioned(OBSERVED, TARGETS);
  const acquisition = expectedImprovement(posterior, {
    leadingPoints: OBSERVED,
    pending: 0,
    random: createRandom(1),
    noiseVariance: KERNEL.noiseVariance,
  });
  const best = Math.max(...OBSERVED.map((point) => posterior.predict(point).mean));
  for (const x of [0, 0.4, 0.95]) {
    const { mean, variance } = posterior.predict(Float64Array.of(x));
    const expected = logImprovement(mean, Math.sqrt(variance), best);
    assert.ok(Math.abs(acquisition.value(Float64Array.of(x)) - expected) < 1e-12, `at ${x}`);
  }
});

test("with pending trials, is the mean over posteriors conditioned on each fantasy", () => {
  const posterior = conditioned([...OBSERVED, ...PENDING], TARGETS);
  const leadingPoints = [...OBSERVED, ...PENDING];
  const acquisition = expectedImprovement(posterior, {
    leadingPoints,
    pending: 2,
    random: createRandom(5),
    noiseVariance: KERNEL.noiseVariance,
  });
  const told = fantasies(2, createRandom(5)).map((sample) => conditioned(leadingPoints, withFantasy(sample)));
  for (const x of [0.2, 0.5, 0.9]) {
    const improvements = told.map((process) => {
      const best = Math.max(...leadingPoints.map((point) => process.predict(point).mean));
      const { mean, variance } = process.predict(Float64Array.of(x));
      return Math.exp(logImprovement(mean, Math.sqrt(variance), best));
    });
    const expected = Math.log(improvements.reduce((sum, value) => sum + value, 0) / improvements.length);
    assert.ok(Math.abs(acquisition.value(Float64Array.of(x)) - expected) < 1e-9, `at ${x}`);
  }
});

test("without noise, is expected improvement alone", () => {
  const posterior = conditioned(OBSERVED, TARGETS);
  const acquisition = expectedImprovement(posterior, {
    leadingPoints: OBSERVED,
    pending: 0,
    random: createRandom(1),
    noiseVariance: 1e-3,
  });
  const best = Math.max(...OBSERVED.map((point) => posterior.predict(point).mean));
  const { mean, variance } = posterior.predict(Float64Array.of(0.5));
  const sd = Math.sqrt(variance);
  const expected = Math.log(sd) + logH((mean - best) / sd);
  assert.ok(Math.abs(acquisition.value(Float64Array.of(0.5)) - expected) < 1e-12);
});

test("has the gradient of finite differences", () => {
  for (const pending of [[], PENDING]) {
    const leadingPoints = [...OBSERVED, ...pending];
    const posterior = conditioned(leadingPoints, TARGETS);
    const acquisition = expectedImprovement(posterior, {
      leadingPoints,
      pending: pending.length,
      random: createRandom(2),
      noiseVariance: KERNEL.noiseVariance,
    });
    for (const x of [0.05, 0.33, 0.41, 0.9]) {
      const evaluation = acquisition.evaluate(Float64Array.of(x));
      assert.equal(evaluation.value, acquisition.value(Float64Array.of(x)));
      const step = 1e-6;
      const up = acquisition.value(Float64Array.of(x + step));
      const down = acquisition.value(Float64Array.of(x - step));
      const gradient = evaluation.gradient();
      const numeric = (up - down) / (2 * step);
      assert.ok(Math.abs(numeric - (gradient[0] as number)) < 1e-5 * Math.max(1, Math.abs(numeric)), `at ${x}`);
    }
  }
});

test("gives the same gradient after other points were evaluated", () => {
  const posterior = conditioned([...OBSERVED, ...PENDING], TARGETS);
  const acquisition = expectedImprovement(posterior, {
    leadingPoints: [...OBSERVED, ...PENDING],
    pending: PENDING.length,
    random: createRandom(2),
    noiseVariance: KERNEL.noiseVariance,
  });
  const gradient = acquisition.evaluate(Float64Array.of(0.33)).gradient();
  const evaluation = acquisition.evaluate(Float64Array.of(0.33));
  acquisition.values([Float64Array.of(0.7), Float64Array.of(0.8)]);
  acquisition.value(Float64Array.of(0.9));
  assert.deepEqual(evaluation.gradient(), gradient);
});

/**
 * Adds outcomes of the pending trials one by one: the posterior mean plus `sample` standard
 * deviations of the posterior conditioned on the earlier outcomes.
 */
function withFantasy(sample: Float64Array): Float64Array {
  const targets = [...TARGETS];
  PENDING.forEach((point, j) => {
    const { mean, variance } = conditioned([...OBSERVED, ...PENDING.slice(0, j)], Float64Array.from(targets)).predict(
      point,
    );
    targets.push(mean + Math.sqrt(variance + KERNEL.noiseVariance) * (sample[j] as number));
  });
  return Float64Array.from(targets);
}

function conditioned(points: readonly Float64Array[], targets: Float64Array): Posterior {
  return conditionOn(pointSet([{ isNominal: false }], points), targets, KERNEL) ?? assert.fail();
}

function logImprovement(mean: number, sd: number, best: number): number {
  // Only the noise variance above 1e-3 counts.
  const noise = Math.sqrt(KERNEL.noiseVariance - 1e-3);
  return Math.log(sd) + logH((mean - best) / sd) + Math.log(1 - noise / Math.hypot(sd, noise));
}
