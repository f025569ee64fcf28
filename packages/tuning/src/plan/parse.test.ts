import assert from "node:assert/strict";
import { test } from "node:test";
import { parseTrainingPlan } from "./parse.js";

const PLAN = {
  dataset: { name: "mnist", split: { train: [0, 50_000], validation: [50_000, 60_000] } },
  objective: { metric: "val_accuracy", goal: "maximize" },
  model: {
    layers: [
      { units: 800, activation: "relu", kernelInitializer: { type: "RandomNormal", stddev: 0.02 } },
      { units: 10, activation: "softmax" },
    ],
  },
  training: {
    optimizer: { type: "adam", learningRate: 0.001 },
    loss: "categorical_crossentropy",
    batchSize: 256,
    maxEpochs: 100,
    callbacks: [
      { type: "ReduceLROnPlateau", monitor: "val_loss", minDelta: -0.01 },
      { type: "EarlyStopping", monitor: "val_accuracy" },
    ],
  },
  seeds: [1],
};

test("fills in Keras' defaults", () => {
  const result = parseTrainingPlan(PLAN);
  assert.ok(result.ok);
  assert.deepEqual(result.plan.model.layers, [
    {
      units: 800,
      activation: "relu",
      kernelInitializer: { type: "RandomNormal", mean: 0, stddev: 0.02 },
      biasInitializer: { type: "Zeros" },
    },
    {
      units: 10,
      activation: "softmax",
      kernelInitializer: { type: "GlorotUniform" },
      biasInitializer: { type: "Zeros" },
    },
  ]);
  const adam = { type: "adam", learningRate: 0.001, beta1: 0.9, beta2: 0.999, epsilon: 1e-7 };
  assert.deepEqual(result.plan.training.optimizer, adam);
  assert.deepEqual(result.plan.training.callbacks, [
    // The sign of minDelta does not count.
    {
      type: "ReduceLROnPlateau",
      monitor: "val_loss",
      factor: 0.1,
      patience: 10,
      minDelta: 0.01,
      cooldown: 0,
      minLr: 0,
    },
    { type: "EarlyStopping", monitor: "val_accuracy", patience: 0, minDelta: 0 },
  ]);
});

test("gives back a plan that was parsed before", () => {
  const first = parseTrainingPlan(PLAN);
  assert.ok(first.ok);
  assert.deepEqual(parseTrainingPlan(JSON.parse(JSON.stringify(first.plan))), first);
});

test("lists what is wrong with a plan", () => {
  const wrong = structuredClone(PLAN) as Record<string, unknown>;
  wrong["seeds"] = [-1];
  wrong["loss"] = "mse";
  const result = parseTrainingPlan(wrong);
  assert.ok(!result.ok);
  assert.deepEqual(
    result.problems.map(({ path }) => path),
    ["seeds[0]", "loss"],
  );
  assert.equal(parseTrainingPlan(undefined).ok, false);
});
