import type { Examples, ModelWeights } from "@sintonia/training/engine/engine";
import type { DenseLayer, TrainingPlan } from "@sintonia/tuning/plan/training-plan";

// The size of MNIST, with random content: the time of a step does not depend on what the images show.

export const FEATURES = 784;
export const CLASSES = 10;
export const TRAIN_ROWS = 50_000;
export const VALIDATION_ROWS = 10_000;
/** Share of pixels that are not black in MNIST. */
const INK = 0.19;

export interface Problem {
  readonly plan: TrainingPlan;
  readonly weights: ModelWeights;
  readonly train: Examples;
  readonly validation: Examples;
}

export function problemOf({ batch, hidden }: { readonly batch: number; readonly hidden: number }): Problem {
  const random = seeded(23);
  return {
    plan: planOf(batch, hidden),
    weights: [
      ...glorotUniform("dense", [FEATURES, hidden], random),
      ...glorotUniform("dense_1", [hidden, CLASSES], random),
    ],
    train: examplesOf(TRAIN_ROWS, random),
    validation: examplesOf(VALIDATION_ROWS, random),
  };
}

function planOf(batchSize: number, hidden: number): TrainingPlan {
  const defaults = {
    type: "Dense",
    useBias: true,
    kernelInitializer: { type: "GlorotUniform" },
    biasInitializer: { type: "Zeros" },
  } as const;
  const layers: DenseLayer[] = [
    { units: hidden, activation: "relu", ...defaults },
    { units: CLASSES, activation: "softmax", ...defaults },
  ];
  return {
    dataset: {
      name: "mnist",
      split: { train: [0, TRAIN_ROWS], validation: [TRAIN_ROWS, TRAIN_ROWS + VALIDATION_ROWS] },
    },
    objective: { metric: "val_accuracy", goal: "maximize" },
    model: { layers },
    training: {
      optimizer: { type: "adam", learningRate: 0.00168, beta1: 0.9, beta2: 0.999, epsilon: 1e-7 },
      loss: { type: "categorical_crossentropy", labelSmoothing: 0 },
      batchSize,
      maxEpochs: 1,
      callbacks: [],
    },
    seeds: [23],
  };
}

function glorotUniform(layer: string, [inputs, units]: readonly [number, number], random: () => number): ModelWeights {
  const limit = Math.sqrt(6 / (inputs + units));
  const kernel = Float32Array.from({ length: inputs * units }, () => limit * (2 * random() - 1));
  return [
    { name: `${layer}/kernel`, shape: [inputs, units], values: kernel },
    { name: `${layer}/bias`, shape: [units], values: new Float32Array(units) },
  ];
}

function examplesOf(count: number, random: () => number): Examples {
  const inputs = new Float32Array(count * FEATURES);
  for (let index = 0; index < inputs.length; index++) inputs[index] = Math.max(0, (random() - 1 + INK) / INK);
  const labels = Uint8Array.from({ length: count }, () => Math.floor(random() * CLASSES));
  return { count, features: FEATURES, inputs, labels };
}

/** Numbers in [0, 1) from a linear congruential generator (Numerical Recipes' constants). */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}
