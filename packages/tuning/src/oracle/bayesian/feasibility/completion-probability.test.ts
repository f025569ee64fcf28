import assert from "node:assert/strict";
import { test } from "node:test";
import { feasibilityOf, reliabilityOf } from "./completion-probability.js";
import { labelled } from "./labelled-points.fixture.js";

const at = (x: number, y: number) => Float64Array.of(x, y);
const FEASIBLE = [at(0.1, 0.2), at(0.3, 0.8), at(0.4, 0.4)];
const INFEASIBLE = [at(0.8, 0.3), at(0.9, 0.7)];

test("is high near feasible trials, low near infeasible ones, and in between far from both", () => {
  const [near, unknown, bad] = [at(0.3, 0.6), at(1, 50), at(0.85, 0.4)].map((point) =>
    Math.exp(trained().value(point)),
  ) as [number, number, number];
  assert.ok(near > 0.8 && near <= 1, `${near}`);
  assert.ok(bad < 0.2, `${bad}`);
  assert.ok(bad < unknown && unknown < near, `${unknown}`);
});

test("finds the border of half the square after 40 trials", () => {
  const isGood = ([x = 0, y = 0]: Float64Array) => x + y < 0.9;
  const lattice = Array.from({ length: 40 }, (_, i) => at((0.5 + i * 0.7549) % 1, (0.5 + i * 0.5698) % 1));
  const feasibility = probability(
    lattice.filter(isGood),
    lattice.filter((point) => !isGood(point)),
  );
  const tested = Array.from({ length: 400 }, (_, i) => at((i % 20) / 20 + 0.025, Math.floor(i / 20) / 20 + 0.025));
  const wrong = tested.filter((point) => feasibility.value(point) > Math.log(0.5) !== isGood(point));
  assert.ok(wrong.length <= 0.05 * tested.length, `${wrong.length} of ${tested.length}`);
  const deep = tested.filter(([x = 0, y = 0]) => x + y > 1.4).map((point) => Math.exp(feasibility.value(point)));
  assert.ok(Math.max(...deep) < 0.1, `${Math.max(...deep)} deep inside the infeasible half`);
});

test("does not take two feasible trials among many infeasible ones for chance", () => {
  const ring = Array.from({ length: 14 }, (_, i) => at(0.5 + 0.45 * Math.cos(i), 0.5 + 0.45 * Math.sin(i)));
  const feasibility = probability([at(0.5, 0.5), at(0.52, 0.48)], ring);
  const between = Math.exp(feasibility.value(at(0.51, 0.49)));
  assert.ok(between > 0.8, `${between}`);
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
  const same = new Array<Float64Array>(50).fill(Float64Array.of(0.5));
  const value = Math.exp(probability(same, same).value(Float64Array.of(0.5)));
  assert.ok(Math.abs(value - 0.5) < 0.05, `${value}`);
});

test("hardly changes after one failure among successes, and is low where all trials fail", () => {
  const good = [0.05, 0.15, 0.25, 0.35, 0.45, 0.55].map((x) => Float64Array.of(x));
  const chance = (bad: readonly number[], x: number) => Math.exp(reliability(good, bad).value(Float64Array.of(x)));
  assert.ok(chance([0.3], 0.3) > 0.6, `${chance([0.3], 0.3)}`);
  const corner = [0.75, 0.8, 0.85, 0.9, 0.95];
  assert.ok(chance(corner, 0.85) < 0.15, `${chance(corner, 0.85)}`);
  assert.ok(chance(corner, 0.2) > 0.8, `${chance(corner, 0.2)}`);
  // Every second trial fails, everywhere.
  const scattered = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6];
  const chances = [0.1, 0.15, 0.3, 0.45].map((x) => chance(scattered, x));
  assert.ok(Math.max(...chances) < 1.3 * Math.min(...chances), chances.join());
});

function probability(good: readonly Float64Array[], bad: readonly Float64Array[]) {
  return feasibilityOf(labelled(good, bad)) ?? assert.fail();
}

function reliability(good: readonly Float64Array[], bad: readonly number[]) {
  return (
    reliabilityOf(
      labelled(
        good,
        bad.map((x) => Float64Array.of(x)),
      ),
    ) ?? assert.fail()
  );
}

function trained() {
  return probability(FEASIBLE, INFEASIBLE);
}
