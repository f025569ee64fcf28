import assert from "node:assert/strict";
import { test } from "node:test";
import { createRandom } from "../../random/random.js";
import { formatPath } from "../../validation/problems.js";
import type { SearchSpace } from "../parameter.js";
import { checkPartialValues, completePoint } from "./partial-values.js";

const SPACE: SearchSpace = {
  depth: { type: "integer", min: 1, max: 3, scale: "linear", step: 1 },
  kind: { type: "categorical", values: ["a", "b"], when: { depth: [2, 3] } },
  leaf: { type: "boolean", when: { kind: ["b"], depth: [1, 2] } },
  rate: { type: "double", min: 0, max: 1, scale: "linear", step: 0.1 },
};

test("accepts any part of a point, and refuses unknown names and foreign values", () => {
  for (const given of [{}, { rate: 0.1 + 0.2 }, { leaf: true }, { kind: "a", depth: 2 }]) {
    assert.ok(checkPartialValues(SPACE, given).ok, JSON.stringify(given));
  }
  const result = checkPartialValues(SPACE, { rates: 1, rate: 0.35, kind: "c", depth: 1, leaf: true });
  assert.ok(!result.ok);
  assert.deepEqual(
    result.findings.map(({ path, expected }) => `${formatPath(path)}: ${expected}`),
    [
      "rates: a parameter of the space; did you mean rate?",
      'kind: one of "a", "b"',
      "rate: a number from 0 to 1, 11 values",
      "leaf: no value, because the parameter is inactive there",
    ],
  );
});

test("gives ancestors values that make every given parameter active", () => {
  for (let seed = 0; seed < 20; seed++) {
    const point = completePoint({ space: SPACE }, { leaf: true }, createRandom(seed));
    // Of depth 1 to 3, only 2 is allowed by both conditions.
    assert.deepEqual({ ...point, rate: 0 }, { depth: 2, kind: "b", leaf: true, rate: 0 });
    assert.deepEqual(Object.keys(point ?? {}), ["depth", "kind", "leaf", "rate"]);
  }
});

test("finds no point if the conditions of the given parameters exclude each other", () => {
  const space: SearchSpace = {
    on: { type: "boolean" },
    a: { type: "boolean", when: { on: [true] } },
    b: { type: "boolean", when: { on: [false] } },
  };
  assert.equal(completePoint({ space }, { a: true, b: true }, createRandom(0)), undefined);
});
