import assert from "node:assert/strict";
import { test } from "node:test";
import type { Measurement } from "@sintonia/protocol/measurement";
import type { TrainingPlan } from "@sintonia/tuning/plan/training-plan";
import type { Examples } from "../dataset/examples.js";
import { denseLayer, examplesOf } from "../engine/contract/problem.fixture.js";
import { initialWeights } from "../initializer/initial-weights.js";
import { batchOrder } from "./batch-order.js";
import { type Script, type SessionRecord, scriptedEngine } from "./scripted-engine.fixture.js";
import { trainTrial } from "./train-trial.js";
import type { TrialResult } from "./trial.js";

const TRAIN_COUNT = 10;
const VALIDATION_COUNT = 7;

interface Changes extends Partial<TrainingPlan["training"]> {
  readonly seeds?: readonly number[];
  readonly objective?: TrainingPlan["objective"];
}

function createPlan({ seeds = [11], objective, ...training }: Changes = {}): TrainingPlan {
  return {
    dataset: { name: "mnist", split: { train: [0, TRAIN_COUNT], validation: [TRAIN_COUNT, 17] } },
    objective: objective ?? { metric: "val_accuracy", goal: "maximize" },
    model: { layers: [denseLayer(3, "softmax")] },
    training: {
      optimizer: { type: "adam", learningRate: 0.1, beta1: 0.9, beta2: 0.999, epsilon: 1e-7 },
      loss: { type: "categorical_crossentropy", labelSmoothing: 0 },
      batchSize: 4,
      maxEpochs: 3,
      callbacks: [],
      ...training,
    },
    seeds,
  };
}

function examples(count: number): Examples {
  const labels = Array.from({ length: count }, (_, row) => row % 3);
  return examplesOf(2, Array(2 * count).fill(0), labels);
}

interface Outcome {
  readonly result: TrialResult;
  readonly measurements: Measurement[];
  readonly records: SessionRecord[];
}

async function train(plan: TrainingPlan, script: Script, stopAfter = Number.POSITIVE_INFINITY): Promise<Outcome> {
  const { engine, records } = scriptedEngine(script);
  const measurements: Measurement[] = [];
  let clockMs = 0;
  const result = await trainTrial(plan, {
    engine,
    data: { train: examples(TRAIN_COUNT), validation: examples(VALIDATION_COUNT) },
    onEpoch: async (measurement) => {
      measurements.push(measurement);
      return measurements.length >= stopAfter ? "stop" : "continue";
    },
    now: () => (clockMs += 1500),
  });
  return { result, measurements, records };
}

test("visits every example once an epoch in a seeded order, with a smaller last batch", async () => {
  const { records } = await train(createPlan(), { validationCorrect: [1, 2, 3] });
  const epochs = records[0]?.epochs.map((steps) => steps.map((step) => step.rows)) ?? [];
  assert.equal(epochs.length, 3);
  for (const [epoch, batches] of epochs.entries()) {
    assert.deepEqual(
      batches.map((rows) => rows.length),
      [4, 4, 2],
    );
    assert.deepEqual(batches.flat(), [...batchOrder(11, epoch, TRAIN_COUNT)]);
    assert.deepEqual(
      batches.flat().sort((a, b) => a - b),
      [0, 1, 2, 3, 4, 5, 6, 7, 8, 9],
    );
  }
  assert.notDeepEqual(epochs[0], epochs[1]);
});

test("starts each execution from its seed's own weights and order", async () => {
  const plan = createPlan({ seeds: [11, 12], maxEpochs: 1 });
  const { records, measurements } = await train(plan, { validationCorrect: [1, 1] });
  assert.deepEqual(records[0]?.initialWeights, initialWeights(plan, 2, 11));
  assert.deepEqual(records[1]?.initialWeights, initialWeights(plan, 2, 12));
  assert.deepEqual(
    records[1]?.epochs[0]?.flatMap((step) => step.rows),
    [...batchOrder(12, 0, TRAIN_COUNT)],
  );
  assert.deepEqual(
    measurements.map(({ execution, epoch }) => [execution, epoch]),
    [
      [0, 0],
      [1, 0],
    ],
  );
  assert.deepEqual(
    records.map((record) => record.disposals),
    [1, 1],
  );
});

test("trains each execution on examples of its own", async () => {
  const { engine, records } = scriptedEngine({ validationCorrect: [1, 1] });
  const asked: number[] = [];
  const result = await trainTrial(createPlan({ seeds: [11, 12], maxEpochs: 1 }), {
    engine,
    data: { train: examples(TRAIN_COUNT), validation: examples(VALIDATION_COUNT) },
    dataOf: async (execution) => {
      asked.push(execution);
      return { train: examples(4 + execution), validation: examples(3) };
    },
    onEpoch: async () => "continue",
    now: () => 0,
  });
  assert.equal(result.kind, "completed");
  assert.deepEqual(asked, [0, 1]);
  const rows = records.map(({ epochs }) => epochs[0]?.flatMap((step) => step.rows).length);
  assert.deepEqual(rows, [4, 5]);
});

test("ends a plan that does not fit its data as infeasible, with the fix, before the first epoch", async () => {
  const plan = createPlan({ objective: { metric: "val_auc", goal: "maximize" } });
  const { engine, records } = scriptedEngine({ validationCorrect: [] });
  const validation = examplesOf(2, [0, 0, 0, 0], [0, 2]);
  const data = { train: examples(TRAIN_COUNT), validation };
  const result = await trainTrial(plan, { engine, data, onEpoch: async () => "continue", now: () => 0 });
  assert.ok(result.kind === "infeasible");
  assert.match(result.message, /^objective.metric: .* no row of class 1 \(counted from 0\), without which auc/);
  assert.deepEqual(records, []);
});

test("averages loss and accuracy over examples, not batches, in float32", async () => {
  const loss = ({ step }: { step: number }) => [0.1, 0.2, 0.9][step] as number;
  const { measurements, records } = await train(createPlan({ maxEpochs: 1 }), { validationCorrect: [5], loss });
  assert.deepEqual(measurements[0]?.metrics, {
    accuracy: Math.fround(7 / 10),
    loss: Math.fround((4 * 0.1 + 4 * 0.2 + 2 * 0.9) / 10),
    val_accuracy: Math.fround(5 / 7),
    val_loss: 0.25,
  });
  assert.deepEqual(records[0]?.validations, [4]);
});

test("reports the learning rate of each epoch; callbacks change that of the next epoch", async () => {
  const plan = createPlan({
    maxEpochs: 4,
    callbacks: [
      {
        type: "ReduceLROnPlateau",
        monitor: "val_accuracy",
        mode: "auto",
        factor: 0.5,
        patience: 1,
        minDelta: 0,
        cooldown: 0,
        minLr: 0,
      },
    ],
  });
  const { measurements, records } = await train(plan, { validationCorrect: [3, 3, 4, 3] });
  const [full, half] = [Math.fround(0.1), Math.fround(Math.fround(0.1) * 0.5)];
  assert.deepEqual(
    measurements.map((epoch) => epoch.learningRate),
    [full, full, half, half],
  );
  assert.deepEqual(
    records[0]?.epochs.map((steps) => steps.map((step) => step.learningRate)),
    [
      [full, full, full],
      [full, full, full],
      [half, half, half],
      [half, half, half],
    ],
  );
});

test("ends an execution by EarlyStopping and starts the next with new callback states", async () => {
  const plan = createPlan({
    seeds: [1, 2],
    maxEpochs: 9,
    callbacks: [
      {
        type: "EarlyStopping",
        monitor: "val_accuracy",
        mode: "auto",
        patience: 2,
        minDelta: 0,
        restoreBestWeights: false,
        startFromEpoch: 0,
      },
    ],
  });
  const { measurements } = await train(plan, { validationCorrect: [5, 5, 5, 1, 2, 2, 2] });
  assert.deepEqual(
    measurements.map(({ execution, epoch }) => [execution, epoch]),
    [
      [0, 0],
      [0, 1],
      [0, 2],
      [1, 0],
      [1, 1],
      [1, 2],
      [1, 3],
    ],
  );
});

test("keeps the weights of the first best epoch of all executions", async () => {
  const plan = createPlan({ seeds: [1, 2] });
  const { result } = await train(plan, { validationCorrect: [3, 5, 5, 4, 6, 6] });
  assert.ok(result.kind === "completed");
  assert.deepEqual([result.execution, result.epoch], [1, 1]);
  assert.deepEqual(result.weights[0]?.values, Float32Array.of(1, 1));
  assert.deepEqual(result.keptEpochs, [1, 1]);
});

test("keeps the weights of the first of two equal executions", async () => {
  const { result } = await train(createPlan({ seeds: [1, 2] }), { validationCorrect: [3, 5, 4, 5, 5, 5] });
  assert.ok(result.kind === "completed");
  assert.deepEqual([result.execution, result.epoch], [0, 1]);
});

test("keeps the smallest value of an objective to minimise", async () => {
  const objective = { metric: "val_loss", goal: "minimize" } as const;
  const validationLoss = ({ epoch }: { epoch: number }) => [0.5, 0.2, 0.3][epoch] as number;
  const { result } = await train(createPlan({ objective }), { validationCorrect: [3, 2, 4], validationLoss });
  assert.ok(result.kind === "completed");
  assert.equal(result.epoch, 1);
});

test("measures an epoch with the given clock", async () => {
  const { measurements } = await train(createPlan({ maxEpochs: 2 }), { validationCorrect: [1, 1] });
  assert.deepEqual(
    measurements.map((epoch) => epoch.seconds),
    [1.5, 1.5],
  );
});

test("ends as infeasible at the step in which the loss diverges", async () => {
  for (const [bad, word] of [
    [Number.NaN, "NaN"],
    [Number.POSITIVE_INFINITY, "infinite"],
  ] as const) {
    const loss = ({ epoch, step }: { epoch: number; step: number }) => (epoch === 2 && step === 1 ? bad : 0.5);
    const { result, measurements, records } = await train(createPlan({ seeds: [1, 2] }), {
      validationCorrect: [3, 3],
      loss,
    });
    assert.deepEqual(result, { kind: "infeasible", message: `Loss became ${word} in epoch 3, step 2.` });
    assert.equal(measurements.length, 2);
    assert.equal(records[0]?.epochs[2]?.length, 2);
    assert.deepEqual(
      records.map((record) => record.disposals),
      [1],
    );
  }
});

test("ends as infeasible when the validation loss diverges", async () => {
  const validationLoss = ({ epoch }: { epoch: number }) => (epoch === 1 ? Number.NaN : 0.5);
  const { result, measurements } = await train(createPlan(), { validationCorrect: [3, 3], validationLoss });
  assert.deepEqual(result, { kind: "infeasible", message: "Validation loss became NaN in epoch 2." });
  assert.equal(measurements.length, 1);
});

test("stops after the epoch for which onEpoch answers stop", async () => {
  const { result, measurements, records } = await train(
    createPlan({ seeds: [1, 2] }),
    { validationCorrect: [3, 3] },
    2,
  );
  assert.deepEqual(result, { kind: "stopped" });
  assert.equal(measurements.length, 2);
  assert.deepEqual(
    records.map((record) => record.disposals),
    [1],
  );
});

test("disposes of the session and passes the error on if a step or onEpoch throws", async () => {
  const failing = () => {
    throw new Error("device lost");
  };
  const { engine, records } = scriptedEngine({ validationCorrect: [1], loss: failing });
  const data = { train: examples(TRAIN_COUNT), validation: examples(VALIDATION_COUNT) };
  const context = { engine, data, onEpoch: async () => "continue" as const, now: () => 0 };
  await assert.rejects(trainTrial(createPlan(), context), /device lost/);
  assert.equal(records[0]?.disposals, 1);

  const reporting = scriptedEngine({ validationCorrect: [1] });
  const onEpoch = async () => assert.fail("connection lost");
  await assert.rejects(trainTrial(createPlan(), { ...context, engine: reporting.engine, onEpoch }), /connection lost/);
  assert.equal(reporting.records[0]?.disposals, 1);
});

test("runs the event loop between steps", async () => {
  let turns = 0;
  const count = () => {
    turns++;
    next = setImmediate(count);
  };
  let next = setImmediate(count);
  await train(createPlan(), { validationCorrect: [1, 1, 1] });
  clearImmediate(next);
  assert.ok(turns >= 9, `${turns} turns for 9 steps`);
});

test("refuses a plan without executions", async () => {
  await assert.rejects(train(createPlan({ seeds: [] }), { validationCorrect: [] }), RangeError);
});
