// Small trainings that together use every part of a checkpoint, and a function that runs them from
// any state.

import { createHash } from "node:crypto";
import type { Measurement } from "@sintonia/protocol/measurement";
import type {
  EarlyStoppingPlan,
  Layer,
  ReduceLROnPlateauPlan,
  TrainingPlan,
} from "@sintonia/tuning/plan/training-plan";
import { rowsOf } from "../dataset/examples.js";
import type { Engine } from "../engine/contract/engine.js";
import { denseLayer, planOf, seededExamples } from "../engine/contract/problem.fixture.js";
import { encodeSafetensors } from "../model-file/safetensors.js";
import { trainTrial } from "../trial/train-trial.js";
import type { TrainingData } from "../trial/trial.js";
import type { TrialState } from "../trial/trial-state.js";

const SIZE = { features: 6, classes: 3 };
/** Number of training rows. The last batch is smaller than the others. */
const TRAIN_COUNT = 44;

const HIDDEN: readonly Layer[] = [
  denseLayer(8, "relu"),
  { type: "BatchNormalization", momentum: 0.9, epsilon: 1e-3, center: true, scale: true },
  { type: "Dropout", rate: 0.25 },
  denseLayer(5, "tanh"),
  { type: "Dropout", rate: 0.5 },
  denseLayer(SIZE.classes, "softmax"),
];

const plateau: ReduceLROnPlateauPlan = {
  type: "ReduceLROnPlateau",
  monitor: "loss",
  mode: "auto",
  factor: 0.5,
  patience: 1,
  minDelta: 0.01,
  cooldown: 1,
  minLr: 0,
};

const stopping: EarlyStoppingPlan = {
  type: "EarlyStopping",
  monitor: "val_loss",
  mode: "auto",
  patience: 4,
  minDelta: 0,
  restoreBestWeights: true,
  startFromEpoch: 1,
};

function plan(training: Partial<TrainingPlan["training"]>, change: Partial<TrainingPlan> = {}): TrainingPlan {
  const base = planOf([SIZE.classes]);
  return {
    ...base,
    model: { layers: HIDDEN },
    training: { ...base.training, maxEpochs: 7, ...training },
    seeds: [31],
    ...change,
  };
}

/** The plans by their special features. */
export const PLANS: Readonly<Record<string, TrainingPlan>> = {
  "Adam, plateaus and early stopping, two executions": plan(
    { callbacks: [plateau, stopping, { type: "TerminateOnNaN" }], maxEpochs: 6 },
    { seeds: [31, 32] },
  ),
  "AdamW with a cosine schedule, last weights, no validation": plan(
    {
      optimizer: {
        type: "adamw",
        weightDecay: 0.01,
        beta1: 0.9,
        beta2: 0.999,
        epsilon: 1e-7,
        learningRate: {
          type: "CosineDecay",
          initialLearningRate: 0.001,
          decaySteps: 30,
          alpha: 0.1,
          warmupTarget: 0.02,
          warmupSteps: 8,
        },
      },
      keep: "last-epoch",
    },
    {
      dataset: { name: "mnist", split: { train: [0, 1] } },
      objective: { metric: "loss", goal: "minimize" },
    },
  ),
  "SGD with momentum and steps": plan({
    optimizer: {
      type: "sgd",
      momentum: 0.9,
      nesterov: true,
      clipNorm: 0.5,
      learningRate: { type: "PiecewiseConstantDecay", boundaries: [7, 20], values: [0.1, 0.05, 0.01] },
    },
  }),
  "RMSprop with exponential decay, restored weights": plan({
    optimizer: {
      type: "rmsprop",
      rho: 0.9,
      momentum: 0.5,
      epsilon: 1e-7,
      centered: true,
      learningRate: {
        type: "ExponentialDecay",
        initialLearningRate: 0.01,
        decaySteps: 5,
        decayRate: 0.8,
        staircase: false,
      },
    },
    callbacks: [{ ...stopping, monitor: "val_accuracy", patience: 3 }],
    keep: "last-epoch",
  }),
};

/** The measurements and the result of a training, from an epoch on. */
export interface Outcome {
  /** Measurements without seconds. */
  readonly epochs: readonly Omit<Measurement, "seconds">[];
  readonly keptEpochs: readonly number[];
  /** SHA-256 of the file of the final weights. */
  readonly sha256: string;
}

/** Trains to the end, from initial weights or from a state. */
export async function train(
  trained: TrainingPlan,
  engine: Engine,
  { from, onState = () => undefined }: { from?: TrialState; onState?: (state: TrialState) => void } = {},
): Promise<Outcome> {
  const epochs: Outcome["epochs"][number][] = [];
  const result = await trainTrial(trained, {
    engine,
    data: dataOf(trained),
    onEpoch: async ({ seconds: _, ...measured }, state) => {
      epochs.push(measured);
      onState(state);
      return "continue";
    },
    now: () => 0,
    ...(from === undefined ? {} : { state: from }),
  });
  if (result.kind !== "completed") throw new Error(`the training ended as ${result.kind}`);
  const file = encodeSafetensors(result.weights, trained.model.layers);
  return { epochs, keptEpochs: result.keptEpochs, sha256: createHash("sha256").update(file).digest("hex") };
}

function dataOf({ dataset }: TrainingPlan): TrainingData {
  const whole = seededExamples({ ...SIZE, count: TRAIN_COUNT + 20 });
  const split = (start: number, end: number) => rowsOf(whole, [start, end], "seeded");
  const data = { train: split(0, TRAIN_COUNT) };
  return dataset.split?.validation === undefined ? data : { ...data, validation: split(TRAIN_COUNT, TRAIN_COUNT + 20) };
}
