import assert from "node:assert/strict";
import { test } from "node:test";
import { testFigures } from "./measured-figures.js";

test("a metric that the test split leaves undefined has its reason instead of a value", () => {
  const reason = "the test split has no row of class 1 (counted from 0)";
  const scores = { f1: { value: 0.5, interval: [0.25, 0.75] } } as const;
  const measured = { loss: 1, accuracy: 0.5, interval: [0.4, 0.6], examples: 9, scores } as const;
  assert.deepEqual(testFigures({ ...measured, undefinedScores: { auc: reason } }), [
    { name: "accuracy", text: "50.00 %, 95 % interval 40.00 % to 60.00 %" },
    { name: "f1", text: "0.5, 95 % interval 0.25 to 0.75" },
    { name: "auc", text: `undefined: ${reason}` },
  ]);
});
