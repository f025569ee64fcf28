import assert from "node:assert/strict";
import { test } from "node:test";
import type { DenseLayer, TrainingPlan } from "../plan/training-plan.js";
import { deriveSeed } from "../random/random.js";
import { checkStudySpec } from "./check/parse.js";
import { planOf } from "./resolve.fixture.js";
import type { StudySpec } from "./study-spec.js";

test("replaces every reference, repeats layers and fills in defaults", () => {
  const plan = planOf(example(), { rate: 0.01, hidden: 2, batch: 64 }, 0);
  assert.deepEqual(
    denseLayers(plan).map(({ units, activation }) => [units, activation]),
    [
      [800, "relu"],
      [800, "relu"],
      [10, "softmax"],
    ],
  );
  assert.ok(plan.model.layers.every((layer) => !("repeat" in layer)));
  const adam = { type: "adam", learningRate: 0.01, beta1: 0.9, beta2: 0.999, epsilon: 1e-7 };
  assert.deepEqual(plan.training.optimizer, adam);
  assert.equal(plan.training.batchSize, 64);
  assert.deepEqual(plan.dataset, example().dataset);
});

test("drops a layer that is repeated zero times", () => {
  const plan = planOf(example(), { rate: 0.01, hidden: 0, batch: 64 }, 0);
  assert.deepEqual(
    denseLayers(plan).map(({ units }) => units),
    [10],
  );
});

test("derives a seed for each execution from the study's seed, the trial and the execution", () => {
  const values = { rate: 0.01, hidden: 1, batch: 64 };
  const { seeds } = planOf(example(), values, 7);
  assert.deepEqual(seeds, [deriveSeed(23, "trial", 7, 0), deriveSeed(23, "trial", 7, 1)]);
  assert.deepEqual(planOf(example(), values, 7).seeds, seeds);
  assert.equal(new Set([...seeds, ...planOf(example(), values, 8).seeds]).size, 4);
});

test("refuses values that are not of the space", () => {
  assert.throws(() => planOf(example(), { rate: 0.01, hidden: 1 }, 0));
});

function denseLayers({ model }: TrainingPlan): DenseLayer[] {
  return model.layers.filter((layer) => layer.type === "Dense");
}

function example(): StudySpec {
  const result = checkStudySpec({
    name: "example",
    dataset: { name: "mnist", split: { train: [0, 100], validation: [100, 200] } },
    objective: { metric: "val_loss", goal: "minimize" },
    budget: { maxTrials: 3, executionsPerTrial: 2 },
    seed: 23,
    parameters: {
      rate: { type: "double", min: 1e-4, max: 1e-1, scale: "log" },
      hidden: { type: "integer", min: 0, max: 3 },
      batch: { type: "integer", min: 16, max: 64, step: 16 },
    },
    model: {
      layers: [
        { units: 800, activation: "relu", repeat: "$hidden" },
        { units: 10, activation: "softmax" },
      ],
    },
    training: {
      optimizer: { type: "adam", learningRate: "$rate" },
      loss: "categorical_crossentropy",
      batchSize: "$batch",
      maxEpochs: 5,
    },
  });
  assert.ok(result.ok);
  return result.spec;
}
