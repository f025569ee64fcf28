// The contract of every oracle, and the response of the Bayesian one to its history.

import assert from "node:assert/strict";
import { test } from "node:test";
import type { Observation } from "../objective/observation.js";
import { createRandom } from "../random/random.js";
import { checkValues } from "../space/check/values.js";
import { constraintsOf } from "../space/constraint/parse.js";
import { isInRegion } from "../space/constraint/region.js";
import type { ParameterValues, SearchSpace } from "../space/parameter.js";
import { everyValue, pointsOf } from "../space/sampling/enumeration.js";
import { sampleValues } from "../space/sampling/sampling.js";
import { valuesKey } from "../space/values-key.js";
import { ORACLE_NAMES } from "../spec/schema.js";
import type { OracleName } from "../spec/study-spec.js";
import type { Suggestion, SuggestionRequest } from "./contract/suggestion.js";
import { createOracle } from "./registry.js";

const LINE: SearchSpace = { x: { type: "double", min: 0, max: 1, scale: "linear" } };
const UNIT = { type: "double", min: 0, max: 1, scale: "linear" } as const;
const MIXED: SearchSpace = {
  rate: { type: "double", min: 1e-4, max: 1e-1, scale: "log" },
  units: { type: "integer", min: 32, max: 512, scale: "log", step: 32 },
  kind: { type: "categorical", values: ["relu", "linear", "tanh"] },
  bias: { type: "boolean" },
};
const SMALL: SearchSpace = {
  layers: { type: "integer", min: 1, max: 3, scale: "linear", step: 1 },
  kind: { type: "categorical", values: ["a", "b"] },
};
const SMALL_POINTS = [...pointsOf({ space: SMALL }, everyValue(SMALL))];
const NAMES = ["bayesian", "random", "quasi-random"] as const;

for (const name of NAMES) {
  const suggest = oracleOf(name);

  test(`${name}: gives the same suggestion for the same request, and another for another seed or trial`, () => {
    const request = requestOf({ space: MIXED, completed: observe(MIXED, 8), trialNumber: 8 });
    const first = suggest(request);
    assert.deepEqual(suggest(structuredClone(request)), first);
    const others = [1, 2, 3].map((seed) => suggest({ ...requestOf({ space: LINE }), trialNumber: 1, seed }));
    assert.ok(name === "bayesian" || new Set(others.map(({ values }) => values["x"])).size === 3);
  });

  test(`${name}: suggests values of the space, from the first trial on`, () => {
    const completed: Observation[] = [];
    for (let trial = 0; trial < 12; trial++) {
      const { values } = suggest(requestOf({ space: MIXED, completed, trialNumber: trial }));
      assert.deepEqual(Object.keys(values), Object.keys(MIXED));
      assert.ok((values["rate"] as number) >= 1e-4 && (values["rate"] as number) <= 1e-1, `trial ${trial}`);
      assert.equal((values["units"] as number) % 32, 0, `trial ${trial}`);
      assert.ok(["relu", "linear", "tanh"].includes(values["kind"] as string), `trial ${trial}`);
      assert.equal(typeof values["bias"], "boolean", `trial ${trial}`);
      completed.push({ values, objective: Math.log(values["rate"] as number) });
    }
  });

  test(`${name}: tries every point of a small space once before any again`, () => {
    const used: ParameterValues[] = [];
    for (let trial = 0; trial < SMALL_POINTS.length; trial++) {
      const completed = used.slice(0, -1).map((values, i) => ({ values, objective: i % 2 }));
      const { values } = suggest(requestOf({ space: SMALL, completed, pending: used.slice(-1), trialNumber: trial }));
      used.push(values);
    }
    assert.equal(new Set(used.map((values) => valuesKey(SMALL, values))).size, SMALL_POINTS.length);
    const again = suggest(requestOf({ space: SMALL, completed: used.map((values) => ({ values, objective: 0 })) }));
    assert.ok(used.some((values) => valuesKey(SMALL, values) === valuesKey(SMALL, again.values)));
  });

  test(`${name}: never proposes an infeasible point while another is left`, () => {
    const infeasible = SMALL_POINTS.slice(0, 5);
    const last = SMALL_POINTS[5] as ParameterValues;
    for (const completed of [[], [{ values: last, objective: 1 }]]) {
      const { values } = suggest(requestOf({ space: SMALL, infeasible, completed }));
      assert.equal(valuesKey(SMALL, values), valuesKey(SMALL, last));
    }
    const all = [...infeasible, last];
    assert.ok(suggest(requestOf({ space: SMALL, infeasible: all })).values["kind"] !== undefined);
  });

  test(`${name}: suggests in a space without parameters or with fixed ones`, () => {
    assert.deepEqual(suggest(requestOf({ space: {} })).values, {});
    const space: SearchSpace = { x: { type: "double", min: 2, max: 2, scale: "linear" } };
    const completed = [1, 2, 3].map((objective) => ({ values: { x: 2 }, objective }));
    assert.deepEqual(suggest(requestOf({ space, completed })).values, { x: 2 });
  });
}

for (const name of ORACLE_NAMES) {
  const space: SearchSpace = {
    low: { type: "double", min: 0, max: 1, scale: "linear" },
    high: { type: "integer", min: 1, max: 8, scale: "log", step: 1, factor: 2 },
    deep: { type: "categorical", values: [0.25, 0.5, 1] },
    rate: { type: "double", min: 0.1, max: 0.9, scale: "reverse-log", when: { deep: [0.5, 1] } },
    more: { type: "boolean", when: { deep: [1] } },
    most: { type: "double", min: 0, max: 1, scale: "linear", step: 0.1, when: { more: [true] } },
    always: { type: "fixed", value: "x" },
  };
  const constraints = constraintsOf(["4*low + deep <= high", "most <= low", "rate <= 0.8"]);

  test(`${name}: suggests points that fulfil constraints and conditions, with trials of every end`, () => {
    const values: ParameterValues[] = [];
    for (let trial = 0; trial < 32; trial++) {
      const ended = (kind: number) => values.filter((_, i) => i % 8 === kind);
      const completed = values.filter((_, i) => i % 8 < 4).map((point, i) => ({ values: point, objective: i % 5 }));
      const suggestion = oracleOf(name)(
        requestOf({
          space,
          constraints,
          completed,
          pending: ended(4),
          infeasible: ended(5),
          failed: ended(6),
          pruned: ended(7).map((point) => ({ values: point })),
          trialNumber: trial,
        }),
      );
      const checked = checkValues(space, suggestion.values);
      assert.ok(checked.ok, JSON.stringify(checked));
      assert.equal(JSON.stringify(suggestion.values), JSON.stringify(checked.values), "in the order of the space");
      assert.ok(isInRegion({ space, constraints }, suggestion.values), JSON.stringify(suggestion.values));
      values.push(suggestion.values);
    }
    if (name === "keras-tuner") return;
    assert.equal(new Set(values.map((point) => valuesKey(space, point))).size, values.length);
  });

  test(`${name}: finds points of a region that random draws miss`, () => {
    const narrow: SearchSpace = { a: { ...UNIT }, b: { ...UNIT }, c: { ...UNIT } };
    const tight = constraintsOf(["0.5 <= a + b <= 0.5", "c <= 0.001"]);
    const completed: Observation[] = [];
    for (let trial = 0; trial < 12; trial++) {
      const suggestion = createOracle({ type: name }).suggest(
        requestOf({ space: narrow, constraints: tight, completed, trialNumber: trial }),
      );
      if (suggestion === "exhausted") {
        assert.equal(name, "grid", "only a grid has no points there");
        return;
      }
      assert.ok(isInRegion({ space: narrow, constraints: tight }, suggestion.values));
      completed.push({ values: suggestion.values, objective: trial });
    }
  });
}

test("starts at the centre of the space and spreads out", () => {
  const suggest = oracleOf("bayesian");
  const pending: ParameterValues[] = [];
  for (let trial = 0; trial < 8; trial++) {
    const { values, source } = suggest(requestOf({ space: LINE, pending, trialNumber: trial }));
    assert.equal(source, "initial-design");
    pending.push(values);
  }
  assert.deepEqual(pending[0], { x: 0.5 });
  const sorted = [0, ...pending.map(({ x }) => x as number), 1].sort((a, b) => a - b);
  const gaps = sorted.slice(1).map((x, i) => x - (sorted[i] as number));
  // Eight evenly spread points would leave gaps of 1/9.
  assert.ok(Math.max(...gaps) < 2.5 / 9, `[${sorted}]`);
});

test("uses the model from d + 1 trials on, at least three, pending ones included", () => {
  const suggest = oracleOf("bayesian");
  const sourceAfter = (completed: number, pending: number) =>
    suggest(
      requestOf({
        space: LINE,
        completed: observe(LINE, completed),
        pending: observe(LINE, pending, 2).map(({ values }) => values),
      }),
    ).source;
  assert.equal(sourceAfter(2, 0), "initial-design");
  assert.equal(sourceAfter(3, 0), "model");
  assert.equal(sourceAfter(2, 1), "model");
  assert.equal(sourceAfter(1, 9), "initial-design");
});

test("is invariant to the unit and the origin of the objective", () => {
  const suggest = oracleOf("bayesian");
  const completed = observe(LINE, 7);
  const request = requestOf({ space: LINE, completed });
  const x = suggest(request).values["x"] as number;
  const scaled = completed.map(({ values, objective }) => ({ values, objective: 1000 * objective - 5 }));
  const negated = completed.map(({ values, objective }) => ({ values, objective: -objective }));
  assert.ok(Math.abs((suggest({ ...request, completed: scaled }).values["x"] as number) - x) < 1e-3);
  assert.equal(suggest({ ...request, completed: negated, goal: "minimize" }).values["x"], x);
});

test("avoids pending points", () => {
  const suggest = oracleOf("bayesian");
  const request = requestOf({ space: LINE, completed: observe(LINE, 6) });
  const chosen: number[] = [];
  for (let i = 0; i < 4; i++) {
    const x = suggest({ ...request, pending: chosen.map((value) => ({ x: value })) }).values["x"] as number;
    for (const other of chosen) assert.ok(Math.abs(x - other) > 0.005, `${x} is next to ${other}`);
    chosen.push(x);
  }
});

test("avoids the neighbourhood of infeasible trials", () => {
  const suggest = oracleOf("bayesian");
  const completed = [0.1, 0.2, 0.3, 0.4, 0.5].map((x) => ({ values: { x }, objective: x }));
  const lured = suggest(requestOf({ space: LINE, completed })).values["x"] as number;
  assert.ok(lured > 0.5);
  const infeasible = [0.6, 0.7, 0.8, 0.9, 1].map((x) => ({ x }));
  const warned = suggest(requestOf({ space: LINE, completed, infeasible })).values["x"] as number;
  assert.ok(warned < 0.6, `${warned}`);
});

test("suggests finite values for degenerate observations", () => {
  const suggest = oracleOf("bayesian");
  const at = (xs: readonly number[], objectives: readonly number[]) =>
    xs.map((x, i) => ({ values: { x }, objective: objectives[i] as number }));
  const cases: Observation[][] = [
    at([0.5], [1]),
    at([0.5, 0.5, 0.5, 0.5], [1, 1, 1, 1]),
    at([0.5, 0.5, 0.5], [1, 2, 3]),
    at([0.1, 0.5, 0.9], [7, 7, 7]),
    at([0.1, 0.5, 0.9], [1e-300, 2e-300, 5e-324]),
    at([0.1, 0.5, 0.9], [1e300, -1e300, 1.7e308]),
    at([0.1, 0.1 + 1e-16, 0.1 + 1e-15, 0.9], [1, -1, 1, 0]),
    at([0, 1, 0, 1], [1, 1, 1, 1]),
  ];
  for (const [i, completed] of cases.entries()) {
    const { values } = suggest(requestOf({ space: LINE, completed, pending: [{ x: 0.5 }], infeasible: [{ x: 0.2 }] }));
    const x = values["x"] as number;
    assert.ok(x >= 0 && x <= 1, `case ${i}: ${x}`);
  }
});

function oracleOf(type: OracleName): (request: SuggestionRequest) => Suggestion {
  const oracle = createOracle({ type });
  return (request) => {
    const suggestion = oracle.suggest(request);
    assert.ok(suggestion !== "exhausted");
    return suggestion;
  };
}

function requestOf(parts: Partial<SuggestionRequest> & Pick<SuggestionRequest, "space">): SuggestionRequest {
  const known = (parts.completed ?? []).length + (parts.pending ?? []).length + (parts.infeasible ?? []).length;
  return { goal: "maximize", completed: [], pending: [], infeasible: [], trialNumber: known, seed: 23, ...parts };
}

/** Random points and a smooth function of their first numeric value. */
function observe(space: SearchSpace, count: number, seed = 1): Observation[] {
  const random = createRandom(seed);
  return Array.from({ length: count }, () => {
    const values = sampleValues(space, random);
    const first = Object.values(values)[0] as number;
    return { values, objective: Math.sin(7 * first) + first };
  });
}
