import assert from "node:assert/strict";
import { test } from "node:test";
import type { Measurement } from "@sintonia/protocol/measurement";
import type { DenseLayer, TrainingPlan } from "@sintonia/tuning/plan/training-plan";
import { openDataSet } from "../dataset/data-set.js";
import type { Examples } from "../dataset/examples.js";
import { startOf } from "../engine/contract/problem.fixture.js";
import { startEngine } from "../engine/engines.js";
import { trainTrial } from "./train-trial.js";
import type { TrainingData, TrialResult } from "./trial.js";

const TRAIN = [0, 4000] as const;
const VALIDATION = [50_000, 51_000] as const;

function layer(units: number, activation: DenseLayer["activation"]): DenseLayer {
  return {
    type: "Dense",
    units,
    activation,
    useBias: true,
    kernelInitializer: { type: "RandomNormal", mean: 0, stddev: 0.05 },
    biasInitializer: { type: "Zeros" },
  };
}

function createPlan(change: Partial<TrainingPlan> = {}): TrainingPlan {
  return {
    dataset: { name: "mnist", split: { train: TRAIN, validation: VALIDATION } },
    objective: { metric: "val_accuracy", goal: "maximize" },
    model: { layers: [layer(32, "relu"), layer(10, "softmax")] },
    training: {
      optimizer: { type: "adam", learningRate: 0.003, beta1: 0.9, beta2: 0.999, epsilon: 1e-7 },
      loss: { type: "categorical_crossentropy", labelSmoothing: 0 },
      batchSize: 64,
      maxEpochs: 3,
      callbacks: [],
    },
    seeds: [23],
    ...change,
  };
}

async function openMnist(): Promise<TrainingData> {
  const data = await openDataSet("mnist", { cacheDir: "unused", allowDownload: false });
  return { train: await data.train(TRAIN), validation: await data.validation(VALIDATION) };
}

interface Outcome {
  readonly result: TrialResult;
  /** Measurements without seconds. */
  readonly epochs: Omit<Measurement, "seconds">[];
}

async function train(plan: TrainingPlan, data: TrainingData): Promise<Outcome> {
  const epochs: Outcome["epochs"] = [];
  const onEpoch = async ({ seconds: _, ...measured }: Measurement) => {
    epochs.push(measured);
    return "continue" as const;
  };
  const result = await trainTrial(plan, { engine: await startEngine("onnx"), data, onEpoch, now: () => 0 });
  return { result, epochs };
}

test("learns real digits, with the same bits for the same seed and others for another seed", async () => {
  const data = await openMnist();
  const first = await train(createPlan(), data);
  assert.ok(first.result.kind === "completed");
  assert.equal(first.epochs.length, 3);
  const best = first.epochs[first.result.epoch]?.metrics["val_accuracy"] ?? 0;
  assert.ok(best > 0.85, `val_accuracy ${best}`);
  assert.deepEqual(
    first.result.weights.map(({ shape }) => shape),
    [[784, 32], [32], [32, 10], [10]],
  );

  const second = await train(createPlan(), data);
  assert.deepEqual(second, first);
  const other = await train(createPlan({ seeds: [24] }), data);
  assert.notDeepEqual(other.epochs, first.epochs);
});

test("returns the weights of the best epoch by the objective, not of the last", async () => {
  // Three rising accuracies: the first epoch is the worst, on every machine.
  const plan = createPlan({ objective: { metric: "val_accuracy", goal: "minimize" } });
  const data = await openMnist();
  const { result, epochs } = await train(plan, data);
  assert.ok(result.kind === "completed");
  assert.equal(result.epoch, 0);
  const session = await (await startEngine("onnx")).open(plan, startOf(result.weights));
  try {
    const { correct, count } = await session.evaluate(data.validation as Examples, 256);
    assert.equal(Math.fround(correct / count), epochs[0]?.metrics["val_accuracy"]);
  } finally {
    await session.dispose();
  }
});

test("ends as infeasible when real training diverges", async () => {
  const { training } = createPlan();
  const optimizer = { ...training.optimizer, learningRate: 1e38 };
  const { result } = await train(createPlan({ training: { ...training, optimizer } }), await openMnist());
  assert.ok(result.kind === "infeasible");
  assert.match(result.message, /^(Loss|Validation loss) became (NaN|infinite) in epoch 1/);
});
