import assert from "node:assert/strict";
import { test } from "node:test";
import { examplesOf, valuesOf } from "../engine/contract/problem.fixture.js";
import { dataFacts } from "./data-facts.js";

test("names the classes without a row for validation", () => {
  const train = examplesOf(1, [1, 2, 3, 4], [0, 1, 2, 3]);
  const validation = {
    ...train,
    targets: { kind: "classes", labels: Uint16Array.of(1, 1, 0, 1), classes: 4 },
  } as const;
  assert.deepEqual(dataFacts({ train, validation }), {
    task: "classification",
    outputs: 4,
    features: 1,
    hasValidation: true,
    validation: { rows: 4, absentClasses: [2, 3] },
  });
});

test("counts target values as outputs", () => {
  const train = valuesOf(2, [1, 2, 3, 4], [0, 1, 2, 3, 4, 5]);
  assert.deepEqual(dataFacts({ train }), { task: "regression", outputs: 3, features: 2, hasValidation: false });
});
