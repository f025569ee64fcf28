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
  const [mae, r2] = testScores(["mae", "r2"], VALUES, Float32Array.of(1, 2, 4, 4)).scores;
  assert.deepEqual([mae?.name, mae?.value, mae?.low, mae?.high], ["mae", 0.5, 0, 1]);
  assert.ok(r2 !== undefined && r2.low < r2.value && r2.value < r2.high);
});

test("says why a score is undefined on the examples", () => {
  const one = { ...CLASSES, targets: { kind: "classes", labels: Uint8Array.of(1, 1, 1, 1), classes: 2 } } as const;
  const found = testScores(["auc", "f1"], one, Float32Array.of(0.9, 0.8, 0.7, 0.6));
  assert.deepEqual(
    found.scores.map(({ name }) => name),
    ["f1"],
  );
  const reason = "the test split has no row of class 0 (counted from 0)";
  assert.deepEqual(found.undefinedScores, [{ name: "auc", reason }]);
  const named = { ...one, targets: { ...one.targets, names: ["benign", "malignant"] } };
  const [score] = testScores(["auc"], named, Float32Array.of(0.9, 0.8, 0.7, 0.6)).undefinedScores;
  assert.equal(score?.reason, "the test split has no row of class benign");
  const row = testScores(["mae", "r2"], valuesOf(1, [1], [2]), Float32Array.of(1.5));
  assert.deepEqual(row.undefinedScores, [{ name: "r2", reason: "the test split has one row" }]);
});

test("many rows take 40 passes and their interval stays in the range of the metric", () => {
  const count = 120_000;
  const labels = Uint8Array.from({ length: count }, (_, row) => row % 2);
  const outputs = Float32Array.from(labels, (label, row) => (row === 7 ? 0 : label));
  const many = {
    count,
    features: 0,
    inputs: new Float32Array(0),
    targets: { kind: "classes", labels, classes: 2 },
  } as const;
  const [accuracy] = testScores(["accuracy"], many, outputs).scores;
  assert.equal(accuracy?.high, 1);
  assert.ok((accuracy?.low ?? 0) > 0.9999 && (accuracy?.low ?? 1) < (accuracy?.value ?? 0));
});
