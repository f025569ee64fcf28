import assert from "node:assert/strict";
import { test } from "node:test";
import { checkStudySpec } from "./check/parse.js";
import { specWarnings } from "./warnings.js";

function warningsOf(metric: string, goal: string, callbacks: readonly object[] = [], given: object = {}): string[] {
  const result = checkStudySpec({
    name: "study",
    dataset: { name: "mnist", split: { train: [0, 256], validation: [59_000, 59_100] } },
    objective: { metric, goal },
    budget: { maxTrials: 2 },
    parameters: { rate: { type: "double", min: 0.1, max: 1 } },
    model: { layers: [{ units: 10, activation: "softmax" }] },
    training: {
      optimizer: { type: "adam", learningRate: "$rate" },
      loss: "categorical_crossentropy",
      batchSize: 64,
      maxEpochs: 1,
      callbacks,
    },
    ...given,
  });
  assert.ok(result.ok, JSON.stringify(result));
  return specWarnings(result.spec);
}

test("warns of a goal that looks for the worst model, and accepts it", () => {
  for (const metric of ["accuracy", "val_accuracy"]) {
    const warning = `objective: minimize ${metric} looks for the worst model; the usual goal is maximize`;
    assert.deepEqual(warningsOf(metric, "minimize"), [warning]);
    assert.deepEqual(warningsOf(metric, "maximize"), []);
  }
  for (const metric of ["loss", "val_loss"]) {
    const warning = `objective: maximize ${metric} looks for the worst model; the usual goal is minimize`;
    assert.deepEqual(warningsOf(metric, "maximize"), [warning]);
    assert.deepEqual(warningsOf(metric, "minimize"), []);
  }
});

test("warns of a callback that takes a worse metric for an improvement", () => {
  const callbacks = [
    { type: "EarlyStopping", monitor: "val_accuracy", mode: "min" },
    { type: "ReduceLROnPlateau", mode: "max" },
    { type: "EarlyStopping", monitor: "val_accuracy", mode: "max" },
    { type: "EarlyStopping", monitor: "val_accuracy" },
    { type: "TerminateOnNaN" },
  ];
  assert.deepEqual(warningsOf("val_loss", "minimize", callbacks), [
    "training.callbacks[0]: mode min takes a worse val_accuracy for an improvement; the usual mode is max",
    "training.callbacks[1]: mode max takes a worse val_loss for an improvement; the usual mode is min",
  ]);
});

test("warns of enqueued points beyond the budget, and of warm results that the oracle ignores", () => {
  const enqueue = [{ rate: 0.1 }, { rate: 0.2 }, { rate: 0.3 }];
  const warmStart = [{ values: { rate: 0.5 }, objective: 1 }].concat({ values: { rate: 2 }, objective: 1 });
  assert.deepEqual(warningsOf("val_loss", "minimize", [], { enqueue, warmStart }), [
    "enqueue: 3 points for 2 trials; the last 1 will not be tried unless budget.maxTrials grows",
    "warmStart: 1 of 2 results are ignored: outside the space, or without a value that has no default",
  ]);
  assert.deepEqual(warningsOf("val_loss", "minimize", [], { enqueue: enqueue.slice(1) }), []);
});
