import type { Examples } from "@sintonia/training/dataset/examples";
import { initialWeights } from "@sintonia/training/initializer/initial-weights";
import type { ModelWeights } from "@sintonia/training/model/tensor";
import type { DenseLayer, TrainingPlan } from "@sintonia/tuning/plan/training-plan";

// Random data of MNIST's size: the time of a step does not depend on the content of the images.

export const FEATURES = 784;
export const CLASSES = 10;
export const TRAIN_ROWS = 50_000;
export const VALIDATION_ROWS = 10_000;
/** Share of non-zero pixels in MNIST. */
const INK = 0.19;

/** Size of the timed model and its batch. */
export interface Size {
  /** Rows of a batch. */
  readonly batch: number;
  /** Units of a hidden layer. */
  readonly hidden: number;
  /** Number of hidden layers. */
  readonly layers: number;
}

export interface Problem {
  readonly plan: TrainingPlan;
  readonly weights: ModelWeights;
}

export interface RandomData {
  readonly train: Examples;
  readonly validation: Examples;
}

/** Returns the units of all layers, with the features first. */
export function unitsOf({ hidden, layers }: Size): number[] {
  return [FEATURES, ...Array.from({ length: layers }, () => hidden), CLASSES];
}

export function problemOf(size: Size): Problem {
  const plan = planOf(size);
  return { plan, weights: initialWeights(plan, FEATURES, 23) };
}

export function randomData(): RandomData {
  const random = seeded(23);
  return { train: examplesOf(TRAIN_ROWS, random), validation: examplesOf(VALIDATION_ROWS, random) };
}

/** Returns the lab sheet's training plan: relu units, softmax, Adam. */
export function planOf(size: Size): TrainingPlan {
  const units = unitsOf(size).slice(1);
  const layers = units.map(
    (count, index): DenseLayer => ({
      type: "Dense",
      units: count,
      activation: index === units.length - 1 ? "softmax" : "relu",
      useBias: true,
      kernelInitializer: { type: "GlorotUniform" },
      biasInitializer: { type: "Zeros" },
    }),
  );
  const validation: [number, number] = [TRAIN_ROWS, TRAIN_ROWS + VALIDATION_ROWS];
  return {
    dataset: { name: "mnist", split: { train: [0, TRAIN_ROWS], validation } },
    objective: { metric: "val_accuracy", goal: "maximize" },
    model: { layers },
    training: {
      optimizer: { type: "adam", learningRate: 0.00168, beta1: 0.9, beta2: 0.999, epsilon: 1e-7 },
      loss: { type: "categorical_crossentropy", labelSmoothing: 0 },
      batchSize: size.batch,
      maxEpochs: 1,
      callbacks: [],
    },
    seeds: [23],
  };
}

function examplesOf(count: number, random: () => number): Examples {
  const inputs = new Float32Array(count * FEATURES);
  for (let index = 0; index < inputs.length; index++) inputs[index] = Math.max(0, (random() - 1 + INK) / INK);
  const labels = Uint8Array.from({ length: count }, () => Math.floor(random() * CLASSES));
  return { count, features: FEATURES, inputs, targets: { kind: "classes", labels, classes: CLASSES } };
}

/** Returns a linear congruential generator of numbers in [0, 1) (Numerical Recipes' constants). */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}
