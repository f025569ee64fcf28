import assert from "node:assert/strict";
import { test } from "node:test";
import { logNormalCdf } from "../../../numeric/normal-distribution.js";
import { pointSet } from "../../../surrogate/gaussian-process/model.js";
import { feasibilityOf, reliabilityOf } from "./feasibility.js";

const at = (x: number, y: number) => Float64Array.of(x, y);
const FEASIBLE = [at(0.1, 0.2), at(0.3, 0.8), at(0.4, 0.4)];
const INFEASIBLE = [at(0.8, 0.3), at(0.9, 0.7)];

test("is high near feasible trials, low near infeasible ones, and in between far from both", () => {
  const feasibility = trained();
  const [near, unknown, bad] = [at(0.3, 0.6), at(1, 50), at(0.85, 0.4)].map((point) =>
    Math.exp(feasibility.value(point)),
  ) as [number, number, number];
  assert.ok(near > 0.8 && near <= 1, `${near}`);
  assert.ok(bad < 0.2, `${bad}`);
  assert.ok(bad < unknown && unknown < near, `${unknown}`);
});

test("is the share of feasible trials far from all of them", () => {
  const apart = Array.from({ length: 8 }, (_, i) => Float64Array.of(100 * i));
  const unknown = [1, 4, 7].map((good) => {
    const points = pointSet([{ isNominal: false }], apart);
    const feasibility = feasibilityOf({ points, good, lengthScales: Float64Array.of(0.3) }) ?? assert.fail();
    return feasibility.value(Float64Array.of(-100));
  });
  // The mean has the prior N(1, 1); each label is the mean plus a normal of variance 1.01.
  const precision = 1 + 8 / 1.01;
  const expected = [1, 4, 7].map((good) => {
    const mean = (1 + (good - (8 - good)) / 1.01) / precision;
    return logNormalCdf(mean / Math.sqrt(1.01 + 1 / precision));
  });
  unknown.forEach((value, i) => {
    assert.ok(Math.abs(value - (expected[i] as number)) < 1e-9, `${value} instead of ${expected[i]}`);
  });
});

test("has the gradient of finite differences", () => {
  const feasibility = trained();
  for (const point of [at(0.5, 0.5), at(0.8, 0.31), at(0, 1)]) {
    const evaluation = feasibility.evaluate(point);
    assert.equal(evaluation.value, feasibility.value(point));
    for (const i of [0, 1]) {
      const step = 1e-6;
      const up = feasibility.value(point.with(i, (point[i] as number) + step));
      const down = feasibility.value(point.with(i, (point[i] as number) - step));
      const gradient = evaluation.gradient();
      const numeric = (up - down) / (2 * step);
      assert.ok(Math.abs(numeric - (gradient[i] as number)) < 1e-5 * Math.max(1, Math.abs(numeric)), `by ${i}`);
    }
  }
});

test("accepts contradictory and repeated points", () => {
  const points = pointSet([{ isNominal: false }], new Array(6).fill(Float64Array.of(0.5)));
  const value = feasibilityOf({ points, good: 3, lengthScales: Float64Array.of(2) })?.value(
    Float64Array.of(0.5),
  ) as number;
  // Equally many feasible and infeasible trials: a probability of 1/2, slightly more by the prior.
  assert.ok(Math.abs(Math.exp(value) - 0.5) < 0.05, `${Math.exp(value)}`);
});

test("hardly changes after one failure among successes, and is low where all trials fail", () => {
  const good = [0.05, 0.15, 0.25, 0.35, 0.45, 0.55].map((x) => Float64Array.of(x));
  const chance = (bad: readonly number[], x: number) => Math.exp(reliability(good, bad).value(Float64Array.of(x)));
  assert.ok(chance([0.3], 0.3) > 0.6, `${chance([0.3], 0.3)}`);
  const corner = [0.75, 0.8, 0.85, 0.9, 0.95];
  assert.ok(chance(corner, 0.85) < 0.05, `${chance(corner, 0.85)}`);
  assert.ok(chance(corner, 0.2) > 0.8, `${chance(corner, 0.2)}`);
  // Every second trial fails, everywhere.
  const scattered = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6];
  const chances = [0.1, 0.15, 0.3, 0.45].map((x) => chance(scattered, x));
  assert.ok(Math.max(...chances) < 1.3 * Math.min(...chances), chances.join());
});

function reliability(good: readonly Float64Array[], bad: readonly number[]) {
  const points = pointSet([{ isNominal: false }], [...good, ...bad.map((x) => Float64Array.of(x))]);
  return reliabilityOf({ points, good: good.length, lengthScales: Float64Array.of(0.3) }) ?? assert.fail();
}

function trained() {
  const points = pointSet([{ isNominal: false }, { isNominal: false }], [...FEASIBLE, ...INFEASIBLE]);
  return feasibilityOf({ points, good: FEASIBLE.length, lengthScales: Float64Array.of(0.4, 3) }) ?? assert.fail();
}
