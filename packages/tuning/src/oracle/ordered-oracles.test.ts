// The oracles that enumerate a sequence: grid and quasi-random.

import assert from "node:assert/strict";
import { test } from "node:test";
import { constraintsOf } from "../space/constraint/parse.js";
import type { ParameterValues, SearchSpace } from "../space/parameter.js";
import type { OracleName } from "../spec/study-spec.js";
import type { SuggestionRequest } from "./contract/suggestion.js";
import { createOracle } from "./registry.js";

const UNIT = { type: "double", min: 0, max: 1, scale: "linear" } as const;

/**
 * Returns the values of at most `count` successive trials, whose states depend on their numbers.
 */
function suggestions(type: OracleName, parts: Partial<SuggestionRequest> & { space: SearchSpace }, count: number) {
  const oracle = createOracle({ type });
  const values: ParameterValues[] = [];
  while (values.length < count) {
    const suggestion = oracle.suggest({
      goal: "minimize",
      seed: 1,
      trialNumber: values.length,
      completed: values.filter((_, i) => i % 3 === 0).map((point) => ({ values: point, objective: 0 })),
      pending: values.filter((_, i) => i % 3 === 1),
      infeasible: [],
      failed: values.filter((_, i) => i % 3 === 2),
      ...parts,
    });
    if (suggestion === "exhausted") return { values, isExhausted: true };
    values.push(suggestion.values);
  }
  return { values, isExhausted: false };
}

test("grid goes through every point in order, ten for a continuous parameter, and ends", () => {
  const space: SearchSpace = { kind: { type: "categorical", values: ["a", "b"] }, x: { ...UNIT, max: 10 } };
  const { values, isExhausted } = suggestions("grid", { space }, 100);
  assert.ok(isExhausted);
  assert.equal(values.length, 20);
  assert.deepEqual(values[0], { kind: "a", x: 0.5 });
  assert.deepEqual(values[1], { kind: "a", x: 1.5 });
  assert.deepEqual(values[19], { kind: "b", x: 9.5 });
});

test("grid skips points that violate a constraint, and inactive parameters", () => {
  const digit = { type: "integer", min: 1, max: 3, scale: "linear", step: 1 } as const;
  const space: SearchSpace = { a: digit, b: { ...digit, when: { a: [2, 3] } } };
  const { values, isExhausted } = suggestions("grid", { space, constraints: constraintsOf(["b < a"]) }, 100);
  assert.ok(isExhausted);
  assert.deepEqual(values, [{ a: 1 }, { a: 2, b: 1 }, { a: 3, b: 1 }, { a: 3, b: 2 }]);
});

test("quasi-random fills two dimensions evenly", () => {
  const { values } = suggestions(
    "quasi-random",
    { space: { x: UNIT, fixed: { type: "fixed", value: 1 }, y: UNIT } },
    64,
  );
  const boxes = new Set(values.map(({ x, y }) => `${Math.floor(8 * Number(x))} ${Math.floor(8 * Number(y))}`));
  assert.equal(boxes.size, 64);
});

test("quasi-random passes over terms that break constraints, and takes no term twice", () => {
  const space: SearchSpace = { x: UNIT, y: UNIT };
  const { values } = suggestions("quasi-random", { space, constraints: constraintsOf(["x + y <= 0.3"]) }, 60);
  assert.equal(new Set(values.map((point) => JSON.stringify(point))).size, 60);
  for (const { x, y } of values) assert.ok(Number(x) + Number(y) <= 0.3);
});

test("quasi-random suggests points of a region that contains no term", () => {
  const constraints = constraintsOf(["x <= y", "y <= x"]);
  const { values, isExhausted } = suggestions("quasi-random", { space: { x: UNIT, y: UNIT }, constraints }, 5);
  assert.ok(!isExhausted);
  for (const { x, y } of values) assert.equal(x, y);
});
