import assert from "node:assert/strict";
import { test } from "node:test";
import type { SuggestionRequest } from "../oracle/contract/suggestion.js";
import { quasiRandomOracle } from "../oracle/quasi-random/quasi-random-oracle.js";
import { createRandom } from "../random/random.js";
import { designSpace } from "../space/design-space.js";
import type { ParameterValues, SearchSpace } from "../space/parameter.js";
import { objectiveAtTarget } from "../surrogate/observation/objective-units.js";
import { fitSurrogate } from "../surrogate/surrogate.js";
import { importanceOf } from "./importance.js";
import { surfaceOf } from "./surface.js";

const CUBE: SearchSpace = Object.fromEntries(
  ["x", "y", "z"].map((name) => [name, { type: "double", min: -Math.PI, max: Math.PI, scale: "linear" }]),
);

/** Returns the request of a study with quasi-random completed trials. */
function requestAfter(
  space: SearchSpace,
  count: number,
  objective: (values: Record<string, number>) => number,
): SuggestionRequest {
  const base = { space, goal: "minimize", pending: [], infeasible: [], seed: 3 } as const;
  const completed: { values: ParameterValues; objective: number }[] = [];
  for (let trialNumber = 0; trialNumber < count; trialNumber++) {
    const suggestion = quasiRandomOracle.suggest({ ...base, completed, trialNumber });
    assert.ok(suggestion !== "exhausted");
    const { values } = suggestion;
    completed.push({ values, objective: objective(values as Record<string, number>) });
  }
  return { ...base, completed, trialNumber: count };
}

function totals(request: SuggestionRequest, wholeSpace: boolean): Record<string, number> {
  const importance = importanceOf(request, { wholeSpace });
  assert.ok(importance !== undefined);
  return Object.fromEntries(importance.parameters.map(({ parameter, total }) => [parameter, total.share]));
}

test("estimates the shares of Ishigami's function from 300 trials", () => {
  const trials = requestAfter(
    CUBE,
    300,
    ({ x = 0, y = 0, z = 0 }) => Math.sin(x) + 7 * Math.sin(y) ** 2 + 0.1 * z ** 4 * Math.sin(x),
  );
  const request = { ...trials, goal: "maximize" } as const;
  const importance = importanceOf(request, { wholeSpace: true });
  assert.ok(importance !== undefined);
  // The published shares (see sobol-indices.test.ts). The tolerance is for the surrogate's error.
  const expected: Record<string, [number, number]> = { x: [0.3139, 0.5576], y: [0.4424, 0.4424], z: [0, 0.2437] };
  for (const { parameter, first, total } of importance.parameters) {
    const [alone, all] = expected[parameter] as [number, number];
    assert.ok(Math.abs(first.share - alone) < 0.06, `first-order share of ${parameter}: ${first.share}`);
    assert.ok(Math.abs(total.share - all) < 0.06, `total share of ${parameter}: ${total.share}`);
  }
  assert.deepEqual(importance.pairs[0]?.parameters.toSorted(), ["x", "z"]);
  assert.ok(Math.abs((importance.pairs[0]?.interaction.share ?? 0) - 0.2437) < 0.06);
  // The variance is a²/8 + bπ⁴/5 + b²π⁸/18 + 1/2 = 13.84.
  assert.ok(Math.abs(importance.sd - Math.sqrt(13.84)) < 0.3, `${importance.sd}`);
  assert.ok(importance.noise < 0.01, `${importance.noise}`);
});

test("distinguishes noise from parameters without influence", () => {
  const random = createRandom(5);
  const request = requestAfter(CUBE, 120, ({ x = 0 }) => x + 1.8138 * random.normal());
  const importance = importanceOf(request, { wholeSpace: true });
  assert.ok(importance !== undefined);
  // x and the noise have the same variance, π²/3 = 1.8138². The relative standard error of an
  // estimated variance is about √(2 / 120), an eighth.
  assert.ok(Math.abs(importance.noise - 0.5) < 0.15, `${importance.noise}`);
  const { x = 0, y = 0, z = 0 } = totals(request, true);
  assert.ok(x > 0.85 && y < 0.15 && z < 0.15, JSON.stringify({ x, y, z }));
});

test("measures importance in the better half of the space by default", () => {
  // For x > 0 the objective grows steeply with x; for x ≤ 0 it depends on y only.
  const request = requestAfter(CUBE, 150, ({ x = 0, y = 0 }) => (x > 0 ? 100 * x : 0) + 3 * Math.sin(y / 2));
  const whole = totals(request, true);
  const better = totals(request, false);
  assert.ok((whole["y"] as number) < 0.05, JSON.stringify(whole));
  assert.ok((better["y"] as number) > 0.3, JSON.stringify(better));
  assert.ok((better["z"] as number) < 0.05, JSON.stringify(better));
});

test("gives a parameter without influence a share near 0, and leaves out fixed parameters", () => {
  const space: SearchSpace = {
    kind: { type: "categorical", values: ["a", "b", "c"] },
    width: { type: "integer", min: 1, max: 50, scale: "linear", step: 1, when: { kind: ["b"] } },
    fixed: { type: "fixed", value: 3 },
    idle: { type: "double", min: 0, max: 1, scale: "linear" },
  };
  const request = requestAfter(space, 60, (values) =>
    (values["kind"] as unknown as string) === "b" ? (values["width"] ?? 0) : 10,
  );
  const shares = totals(request, true);
  assert.deepEqual(Object.keys(shares).sort(), ["idle", "kind", "width"]);
  assert.ok((shares["idle"] as number) < 0.02, JSON.stringify(shares));
  assert.ok((shares["kind"] as number) > 0.3 && (shares["width"] as number) > 0.3, JSON.stringify(shares));
});

test("returns equal results for equal trials, and undefined for fewer than three trials or no free parameter", () => {
  const request = requestAfter(CUBE, 20, ({ x = 0 }) => x);
  assert.deepEqual(importanceOf(request, { wholeSpace: false }), importanceOf(request, { wholeSpace: false }));
  const early = { ...request, completed: request.completed.slice(0, 2) };
  assert.equal(importanceOf(early, { wholeSpace: false }), undefined);
  const only: SearchSpace = { fixed: { type: "fixed", value: 1 } };
  assert.equal(importanceOf({ ...request, space: only }, { wholeSpace: false }), undefined);
});

test("returns a surface equal to the posterior mean of the surrogate in units of the objective", () => {
  const request = requestAfter(CUBE, 40, ({ x = 0, y = 0 }) => Math.exp(x) + y);
  const surface = surfaceOf(request);
  const design = designSpace(request.space);
  const surrogate = fitSurrogate(request, design);
  assert.ok(surface !== undefined && surrogate !== undefined);
  const units = { warped: surrogate.warped, scale: surrogate.sample.scale, goal: request.goal };
  for (const point of [Float64Array.of(0.1, 0.9, 0.3), Float64Array.of(0.5, 0.5, 0.5)]) {
    const expected = objectiveAtTarget(units, surrogate.posterior.predict(point).mean);
    // Two orders of summation over 40 terms.
    assert.ok(Math.abs((surface.valueAt(point) as number) - expected) < 1e-6 * Math.abs(expected));
  }
});

test("gives the same shares for objectives of any size, up to the largest and down to the smallest numbers", () => {
  const request = requestAfter(CUBE, 20, ({ x = 0, y = 0 }) => Math.sin(x) + y / 8);
  const sizeOf = (wholeSpace: boolean, factor: number) => {
    const completed = request.completed.map((trial) => ({ ...trial, objective: trial.objective * factor }));
    return importanceOf({ ...request, completed }, { wholeSpace });
  };
  for (const wholeSpace of [true, false]) {
    const plain = sizeOf(wholeSpace, 1);
    assert.ok(plain !== undefined && plain.sd > 0);
    for (const factor of [2 ** 1022, 2 ** -960]) {
      const scaled = sizeOf(wholeSpace, factor);
      assert.deepEqual(scaled?.parameters, plain.parameters);
      assert.deepEqual(
        [scaled?.sd, scaled?.noise, scaled?.cap],
        [plain.sd * factor, plain.noise, plain.cap && plain.cap * factor],
      );
    }
  }
});
