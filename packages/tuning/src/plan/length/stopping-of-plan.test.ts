import assert from "node:assert/strict";
import { test } from "node:test";
import type { ProgramPlan } from "../program-plan.js";
import { trainingSchema } from "../schema/training-plan.js";
import type { DataSetPlan, TrainingPlan } from "../training-plan.js";
import { expectedEpochs } from "./early-stopping.js";
import { stoppingOfPlan } from "./stopping-of-plan.js";

const MNIST: DataSetPlan = { name: "mnist", split: { train: [0, 51_200], validation: [51_200, 60_000] } };
const EARLY = { type: "EarlyStopping", monitor: "val_accuracy", patience: 10 };
const PLATEAU = { type: "ReduceLROnPlateau", monitor: "val_accuracy" };

interface Parts {
  readonly optimizer?: unknown;
  readonly callbacks?: readonly unknown[];
  readonly dataset?: DataSetPlan;
}

/** 200 updates in an epoch. */
function stopping({ optimizer = "adam", callbacks = [EARLY], dataset = MNIST }: Parts) {
  const training = { optimizer, loss: "categorical_crossentropy", batchSize: 256, maxEpochs: 100, callbacks };
  return stoppingOfPlan({ dataset, training: trainingSchema.parse(training) } as unknown as TrainingPlan);
}

const adam = (learningRate: unknown) => ({ type: "adam", learningRate });

test("has the settings of early stopping", () => {
  const { patience, maxEpochs, monitored } = stopping({}) ?? {};
  assert.deepEqual({ patience, maxEpochs }, { patience: 10, maxEpochs: 100 });
  assert.deepEqual(monitored, { metric: "val_accuracy", goal: "maximize" });
  const loss = stopping({ callbacks: [{ ...EARLY, monitor: "val_loss" }] });
  assert.equal(loss?.monitored?.goal, "minimize");
  assert.equal(stopping({ callbacks: [{ ...EARLY, mode: "min" }] })?.monitored?.goal, "minimize");
});

test("expects new best epochs for longer without reductions of the learning rate", () => {
  assert.equal(stopping({ callbacks: [PLATEAU, EARLY] })?.newBest, 2);
  assert.equal(stopping({})?.newBest, 4);
});

test("expects them for longer where an epoch moves the weights little", () => {
  assert.equal(stopping({ optimizer: adam(0.0005) })?.newBest, 4);
  assert.equal(stopping({ optimizer: adam(0.00025) })?.newBest, 8);
  assert.equal(stopping({ optimizer: { type: "rmsprop", learningRate: 0.00025 } })?.newBest, 8);
});

test("does not judge the distance where it is not known", () => {
  assert.equal(stopping({ optimizer: { type: "sgd", learningRate: 1e-5 } })?.newBest, 4);
  const decay = { type: "ExponentialDecay", initialLearningRate: 1e-5, decaySteps: 10, decayRate: 0.9 };
  assert.equal(stopping({ optimizer: adam(decay) })?.newBest, 4);
  const dataset: DataSetPlan = { path: "wine.csv", target: "quality", task: "classification" };
  assert.equal(stopping({ optimizer: adam(1e-5), dataset })?.newBest, 4);
});

test("expects all epochs of a training that nothing stops early", () => {
  const whole = stopping({ callbacks: [PLATEAU] });
  assert.equal(whole && expectedEpochs(whole, { best: 3, epochs: 90 }), 100);
});

test("knows a program's epochs if it states them", () => {
  const program = { program: {}, values: {}, seeds: [1] } as unknown as ProgramPlan;
  assert.equal(stoppingOfPlan(program), undefined);
  const stated = stoppingOfPlan({ ...program, training: { maxEpochs: 30 } });
  assert.equal(stated && expectedEpochs(stated, { best: 0, epochs: 0 }), 30);
});
