// Modules of users in temporary folders, and small problems for them.

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after } from "node:test";
import type { Measurement } from "@sintonia/protocol/measurement";
import type { ModulePlan } from "@sintonia/tuning/plan/module-plan";
import { createRandom } from "@sintonia/tuning/random/random";
import type { Examples } from "../dataset/examples.js";
import type { Engine } from "../engine/contract/engine.js";
import type { TrialState } from "../trial/trial-state.js";
import { type ModuleResult, trainModule } from "./train-module.js";

const root = mkdtempSync(join(tmpdir(), "sintonia-module-"));
after(() => rmSync(root, { recursive: true }));
let count = 0;

/** Writes the files of a module and returns their folder. */
export function moduleFolder(files: Readonly<Record<string, string>>): string {
  const folder = join(root, String(count++));
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return folder;
}

/** A convolutional network of images of 28 by 28, with dropout, a moving average and a penalty. */
export const NETWORK = `
export function build({ tf, values, dataset }) {
  const model = tf.sequential();
  const { inputShape, classes } = dataset;
  const { filters } = values;
  model.add(tf.layers.conv2d({ inputShape, filters, kernelSize: 5, strides: 4, activation: "relu" }));
  model.add(tf.layers.batchNormalization());
  model.add(tf.layers.flatten());
  model.add(tf.layers.dropout({ rate: 0.3 }));
  const kernelRegularizer = tf.regularizers.l2({ l2: 1e-3 });
  model.add(tf.layers.dense({ units: classes, activation: "softmax", kernelRegularizer }));
  return model;
}
`;

/** Returns images whose class is the place of a bright row. */
export function images(rows: number, seed = 1): Examples {
  const random = createRandom(seed);
  const inputs = new Float32Array(rows * 784).map(() => 0.2 * random.uniform());
  const labels = new Uint8Array(rows).map(() => random.integer(10));
  for (const [row, label] of labels.entries()) inputs.fill(1, row * 784 + label * 56, row * 784 + label * 56 + 56);
  return { count: rows, features: 784, inputs, targets: { kind: "classes", labels, classes: 10 } };
}

/** Returns the plan of a module. */
export function modulePlan(changes: Partial<ModulePlan> = {}): ModulePlan {
  return {
    dataset: { name: "mnist", split: { train: [0, 64], validation: [64, 96] } },
    objective: { metric: "val_accuracy", goal: "maximize" },
    model: { module: "model.mjs", files: {} },
    training: {
      optimizer: { type: "adam", learningRate: 0.01, beta1: 0.9, beta2: 0.999, epsilon: 1e-7 },
      loss: { type: "categorical_crossentropy", labelSmoothing: 0 },
      batchSize: 16,
      maxEpochs: 3,
      callbacks: [],
    },
    values: { filters: 2 },
    seeds: [7],
    ...changes,
  };
}

/** A trained module, with what its epochs reported. */
export interface TrainedModule extends ModuleResult {
  readonly measurements: readonly Measurement[];
  readonly states: readonly TrialState[];
}

/** Trains a module on small images. */
export async function train(
  engine: Engine,
  { folder, plan, state }: { readonly folder: string; readonly plan: ModulePlan; readonly state?: TrialState },
): Promise<TrainedModule> {
  const measurements: Measurement[] = [];
  const states: TrialState[] = [];
  const result = await trainModule(plan, {
    engine,
    folder,
    data: { train: images(64), validation: images(32, 2) },
    now: () => 0,
    onEpoch: async (measurement, reached) => {
      measurements.push(measurement);
      states.push(reached);
      return "continue";
    },
    ...(state === undefined ? {} : { state }),
  });
  return { ...result, measurements, states };
}
