import assert from "node:assert/strict";
import { test } from "node:test";
import { examplesOf, planOf, valuesOf } from "../engine/contract/problem.fixture.js";
import { testScoreNames, testScores } from "./test-scores.js";

const CLASSES = examplesOf(1, [1, 2, 3, 4], [0, 1, 1, 0]);
const VALUES = valuesOf(1, [1, 2, 3, 4], [1, 2, 3, 5]);

test("names the objective's score first, then those of callbacks; of a regression all", () => {
  const plan = planOf([1]);
  const stopping = { type: "EarlyStopping", mode: "auto", patience: 1, minDelta: 0, startFromEpoch: 0 } as const;
  const callbacks = [{ ...stopping, monitor: "val_auc", restoreBestWeights: false } as const];
  const asked = {
    objective: { metric: "val_f1", goal: "maximize" },
    training: { ...plan.training, callbacks },
  } as const;
  assert.deepEqual(testScoreNames(asked, CLASSES), ["f1", "auc"]);
  assert.deepEqual(testScoreNames(plan, CLASSES), []);
  const squared = { ...plan, objective: { metric: "val_rmse", goal: "minimize" } } as const;
  assert.deepEqual(testScoreNames(squared, VALUES), ["rmse", "mae", "mape", "r2"]);
});

test("gives each score with an interval around it", () => {
  const [mae, r2] = testScores(["mae", "r2"], VALUES, Float32Array.of(1, 2, 4, 4));
  assert.deepEqual([mae?.name, mae?.value, mae?.low, mae?.high], ["mae", 0.5, 0, 1]);
  assert.ok(r2 !== undefined && r2.low < r2.value && r2.value < r2.high);
});

test("leaves out a score that is undefined on the examples", () => {
  const one = { ...CLASSES, targets: { kind: "classes", labels: Uint8Array.of(1, 1, 1, 1), classes: 2 } } as const;
  const scores = testScores(["auc", "f1"], one, Float32Array.of(0.9, 0.8, 0.7, 0.6));
  assert.deepEqual(
    scores.map(({ name }) => name),
    ["f1"],
  );
});
