import type { Activation, DenseLayer, Layer, TrainingPlan } from "@sintonia/tuning/plan/training-plan";
import type { Examples } from "../../dataset/examples.js";
import { modelShape, sizeOf } from "../../model/model-shape.js";
import type { ModelWeights } from "../../model/tensor.js";
import { freshState, type SessionStart } from "./engine.js";

// Small plans, weights and examples, without engine and data set.

/**
 * Returns a plan with dense layers of these sizes. Every third hidden layer is linear, the others
 * relu.
 */
export function planOf(units: readonly number[]): TrainingPlan {
  const layers = units.map((count, index) => denseLayer(count, activationOf(index, units.length)));
  return {
    dataset: { name: "mnist", split: { train: [0, 1], validation: [1, 2] } },
    objective: { metric: "val_accuracy", goal: "maximize" },
    model: { layers },
    training: {
      optimizer: { type: "adam", learningRate: 0.001, beta1: 0.9, beta2: 0.999, epsilon: 1e-7 },
      loss: { type: "categorical_crossentropy", labelSmoothing: 0 },
      batchSize: 8,
      maxEpochs: 1,
      callbacks: [],
    },
    seeds: [1],
  };
}

/** Returns a dense layer with Keras' defaults. */
export function denseLayer(units: number, activation: Activation): DenseLayer {
  return {
    type: "Dense",
    units,
    activation,
    useBias: true,
    kernelInitializer: { type: "GlorotUniform" },
    biasInitializer: { type: "Zeros" },
  };
}

function activationOf(index: number, count: number): Activation {
  if (index === count - 1) return "softmax";
  return index % 3 === 2 ? "linear" : "relu";
}

/**
 * Returns weights of dense layers: kernels in (-0.7, 0.7), biases in (-0.1, 0.1).
 *
 * @param sizes - number of features, then the sizes of the layers
 */
export function seededWeights(sizes: readonly number[]): ModelWeights {
  const random = seeded(1);
  return sizes.slice(1).flatMap((units, index) => {
    const inputs = sizes[index] as number;
    const kernel = Float32Array.from({ length: inputs * units }, () => 1.4 * random() - 0.7);
    const bias = Float32Array.from({ length: units }, () => 0.2 * random() - 0.1);
    return denseWeights(index, { inputs, kernel, bias });
  });
}

/**
 * Returns weights of any layers: kernels in (-0.7, 0.7), gamma and variances in (0.5, 1.5), others
 * near 0.
 */
export function seededTensors(layers: readonly Layer[], features: number): ModelWeights {
  const random = seeded(3);
  return modelShape(layers, features).tensors.map(({ name, shape }) => {
    const [from, to] = RANGES[name.split("/")[1] as string] ?? [-0.3, 0.3];
    const values = Float32Array.from({ length: sizeOf(shape) }, () => from + (to - from) * random());
    return { name, shape, values };
  });
}

const RANGES: Readonly<Record<string, readonly [from: number, to: number]>> = {
  kernel: [-0.7, 0.7],
  gamma: [0.5, 1.5],
  moving_variance: [0.5, 1.5],
};

/** Returns kernel and bias of a dense layer. */
export function denseWeights(
  index: number,
  { inputs, kernel, bias }: { readonly inputs: number; readonly kernel: Float32Array; readonly bias: Float32Array },
): ModelWeights {
  const layer = index === 0 ? "dense" : `dense_${index}`;
  return [
    { name: `${layer}/kernel`, shape: [inputs, bias.length], values: kernel },
    { name: `${layer}/bias`, shape: [bias.length], values: bias },
  ];
}

/** Returns the start of a session with these weights. */
export function startOf(weights: ModelWeights, seed = 1): SessionStart {
  return { state: freshState(weights), seed };
}

/** Returns rows in [0, 1). The class depends in part on the first feature, in part on chance. */
export function seededExamples(size: {
  readonly count: number;
  readonly features: number;
  readonly classes: number;
}): Examples {
  const random = seeded(2);
  const inputs = Float32Array.from({ length: size.count * size.features }, random);
  const labels = Uint8Array.from({ length: size.count }, (_, row) => {
    return Math.floor(size.classes * (0.7 * (inputs[row * size.features] as number) + 0.3 * random()));
  });
  const { count, features, classes } = size;
  return { count, features, inputs, targets: { kind: "classes", labels, classes } };
}

/** Returns rows in [0, 1). Targets are sums of the first feature and chance, of either sign. */
export function seededValues(size: {
  readonly count: number;
  readonly features: number;
  readonly width: number;
}): Examples {
  const { count, features, width } = size;
  const random = seeded(4);
  const inputs = Float32Array.from({ length: count * features }, random);
  const values = Float32Array.from({ length: count * width }, (_, index) => {
    return (inputs[Math.floor(index / width) * features] as number) + 2 * random() - 1;
  });
  return { count, features, inputs, targets: { kind: "values", values, width } };
}

/** Returns examples of the given values. Classes are those up to the largest label. */
export function examplesOf(features: number, inputs: readonly number[], labels: readonly number[]): Examples {
  const targets = { kind: "classes", labels: Uint8Array.from(labels), classes: Math.max(...labels) + 1 } as const;
  return { count: labels.length, features, inputs: Float32Array.from(inputs), targets };
}

/** Returns examples with target values. */
export function valuesOf(features: number, inputs: readonly number[], values: readonly number[]): Examples {
  const count = inputs.length / features;
  const targets = { kind: "values", values: Float32Array.from(values), width: values.length / count } as const;
  return { count, features, inputs: Float32Array.from(inputs), targets };
}

/**
 * Returns the rows of a batch if `count` rows are read in order. The last batch may be smaller.
 */
export function rowsOf(count: number, batchSize: number, batch: number): Uint32Array {
  const start = batch * batchSize;
  return Uint32Array.from({ length: Math.min(batchSize, count - start) }, (_, index) => start + index);
}

/**
 * Returns a linear congruential generator of numbers in [0, 1), with the constants of Numerical
 * Recipes.
 */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}
