import assert from "node:assert/strict";
import { test } from "node:test";
import { accuracyRows } from "./accuracy-rows.js";
import type { DataSetPlan } from "./training-plan.js";

const dataset: DataSetPlan = { name: "mnist", split: { train: [0, 50_000], validation: [50_000, 60_000] } };

test("counts the validation rows of an accuracy, and none of another metric or of a program", () => {
  assert.equal(accuracyRows({ objective: { metric: "val_accuracy" }, dataset }), 10_000);
  assert.equal(accuracyRows({ objective: { metric: "val_loss" }, dataset }), undefined);
  assert.equal(accuracyRows({ objective: { metric: "val_accuracy" } }), undefined);
});
