import type {
  Activation,
  BatchNormalizationLayer,
  DenseLayer,
  Layer,
  LossPlan,
  OptimizerPlan,
  TrainingPlan,
} from "@sintonia/tuning/plan/training-plan";
import type { Examples } from "../../dataset/examples.js";
import { denseLayer, planOf, seededExamples, seededValues } from "./problem.fixture.js";

/** A feature that every engine must support, in a small plan. */
export interface Feature {
  readonly name: string;
  readonly plan: TrainingPlan;
  readonly examples: Examples;
}

/** Number of features of the examples. */
export const FEATURE_INPUTS = 6;
/** Number of examples. In batches of 8, the last batch of an epoch holds one example. */
export const FEATURE_ROWS = 25;
/** Number of classes of most examples. */
export const FEATURE_CLASSES = 4;

const FOUR_CLASSES = seededExamples({ count: FEATURE_ROWS, features: FEATURE_INPUTS, classes: FEATURE_CLASSES });
const TWO_CLASSES = seededExamples({ count: FEATURE_ROWS, features: FEATURE_INPUTS, classes: 2 });
const ONE_VALUE = seededValues({ count: FEATURE_ROWS, features: FEATURE_INPUTS, width: 1 });
const THREE_VALUES = seededValues({ count: FEATURE_ROWS, features: FEATURE_INPUTS, width: 3 });

const adam = { type: "adam", learningRate: 0.001, beta1: 0.9, beta2: 0.999, epsilon: 1e-7 } as const;
/**
 * Adam with a large epsilon. A bias before a batch normalization has gradient 0, but float32
 * leaves a rounding error, which Adam with Keras' epsilon would turn into full steps.
 */
const calmAdam = { ...adam, epsilon: 1e-2 };
const sgd = { type: "sgd", learningRate: 0.01, momentum: 0, nesterov: false } as const;
const rmsprop = {
  type: "rmsprop",
  learningRate: 0.001,
  rho: 0.9,
  momentum: 0,
  epsilon: 1e-7,
  centered: false,
} as const;
const normalization = {
  type: "BatchNormalization",
  momentum: 0.9,
  epsilon: 1e-3,
  center: true,
  scale: true,
} as const;

const ACTIVATIONS: readonly Activation[] = [
  "linear",
  "relu",
  "leaky_relu",
  "elu",
  "selu",
  "gelu",
  "sigmoid",
  "tanh",
  "silu",
  "softmax",
];

const LOSSES: Readonly<Record<string, readonly [output: Activation, loss: LossPlan]>> = {
  "categorical cross-entropy": ["softmax", { type: "categorical_crossentropy", labelSmoothing: 0 }],
  "categorical cross-entropy with smoothed labels": [
    "softmax",
    { type: "categorical_crossentropy", labelSmoothing: 0.1 },
  ],
  "sparse categorical cross-entropy": ["softmax", { type: "sparse_categorical_crossentropy", labelSmoothing: 0 }],
  "binary cross-entropy": ["sigmoid", { type: "binary_crossentropy", labelSmoothing: 0 }],
  "binary cross-entropy with smoothed labels": ["sigmoid", { type: "binary_crossentropy", labelSmoothing: 0.2 }],
  "mean squared error of a softmax": ["softmax", { type: "mean_squared_error", labelSmoothing: 0 }],
  "mean squared error of linear outputs": ["linear", { type: "mean_squared_error", labelSmoothing: 0 }],
  "mean absolute error of a sigmoid": ["sigmoid", { type: "mean_absolute_error", labelSmoothing: 0 }],
  "mean absolute error of linear outputs": ["linear", { type: "mean_absolute_error", labelSmoothing: 0 }],
  "Huber's loss of linear outputs": ["linear", { type: "huber", labelSmoothing: 0, delta: 1 }],
  "Huber's loss of a tanh with a small delta": ["tanh", { type: "huber", labelSmoothing: 0, delta: 0.3 }],
  "mean absolute error of a gelu": ["gelu", { type: "mean_absolute_error", labelSmoothing: 0 }],
};

/** Examples of other forms than one class of many, with a last layer and a loss for them. */
const FORMS: Readonly<Record<string, readonly [output: DenseLayer, type: LossPlan["type"], examples: Examples]>> = {
  "two classes of one sigmoid unit": [denseLayer(1, "sigmoid"), "binary_crossentropy", TWO_CLASSES],
  "two classes of two softmax units": [denseLayer(2, "softmax"), "categorical_crossentropy", TWO_CLASSES],
  "squared errors of one sigmoid unit": [denseLayer(1, "sigmoid"), "mean_squared_error", TWO_CLASSES],
  "squared errors of one value": [denseLayer(1, "linear"), "mean_squared_error", ONE_VALUE],
  "squared errors of three values": [denseLayer(3, "linear"), "mean_squared_error", THREE_VALUES],
  "absolute errors of one value": [denseLayer(1, "linear"), "mean_absolute_error", ONE_VALUE],
  "absolute errors of three values after a silu": [denseLayer(3, "silu"), "mean_absolute_error", THREE_VALUES],
  "weighted classes": [denseLayer(4, "softmax"), "categorical_crossentropy", weighted(FOUR_CLASSES)],
  "weighted examples of two classes": [denseLayer(1, "sigmoid"), "binary_crossentropy", weighted(TWO_CLASSES)],
  "weighted squared errors": [denseLayer(3, "linear"), "mean_squared_error", weighted(THREE_VALUES)],
  "Huber's loss of three values": [denseLayer(3, "linear"), "huber", THREE_VALUES],
  "weighted values under Huber's loss": [denseLayer(3, "silu"), "huber", weighted(THREE_VALUES)],
  "weighted absolute errors": [denseLayer(1, "linear"), "mean_absolute_error", weighted(ONE_VALUE)],
  "weighted errors and a penalty": [
    penalized(1, { l1: 0.01, l2: 0.02 }, "linear"),
    "mean_squared_error",
    weighted(ONE_VALUE),
  ],
};

const OPTIMIZERS: Readonly<Record<string, OptimizerPlan>> = {
  "Adam with all arguments": { ...adam, beta1: 0.8, beta2: 0.95, epsilon: 1e-3 },
  AdamW: { ...adam, type: "adamw", weightDecay: 0.004 },
  "AdamW with a strong decay": { ...adam, type: "adamw", weightDecay: 5 },
  SGD: sgd,
  "SGD with momentum": { ...sgd, momentum: 0.9 },
  "SGD with Nesterov's momentum": { ...sgd, momentum: 0.9, nesterov: true },
  "SGD with nesterov and no momentum": { ...sgd, nesterov: true },
  RMSprop: rmsprop,
  "RMSprop with momentum": { ...rmsprop, momentum: 0.8 },
  "centered RMSprop": { ...rmsprop, centered: true, epsilon: 1e-3 },
  "RMSprop with all arguments": { ...rmsprop, rho: 0.8, momentum: 0.5, epsilon: 1e-2, centered: true },
};

const CLIPPINGS: Readonly<Record<string, OptimizerPlan>> = {
  "a clipped norm of each gradient": { ...sgd, clipNorm: 0.05 },
  "a clipped norm of all gradients": { ...sgd, globalClipNorm: 0.05 },
  "norms far below their clipping": { ...sgd, clipNorm: 1000 },
  "a norm of all gradients far below its clipping": { ...sgd, globalClipNorm: 1000 },
  "AdamW with clipped norms": { ...adam, type: "adamw", weightDecay: 0.5, epsilon: 1e-2, clipNorm: 0.01 },
  "RMSprop with a clipped norm of all gradients": { ...rmsprop, momentum: 0.5, epsilon: 1e-2, globalClipNorm: 0.01 },
};

const LAYERS: Readonly<Record<string, readonly Layer[]>> = {
  "an L1 penalty": [penalized(7, { l1: 0.01, l2: 0 })],
  "an L2 penalty": [penalized(7, { l1: 0, l2: 0.02 })],
  "penalties of both kinds on two layers": [penalized(7, { l1: 0.01, l2: 0.02 }), penalized(5, { l1: 0.003, l2: 0 })],
  "dropout of units": [denseLayer(9, "relu"), { type: "Dropout", rate: 0.4 }],
  "dropout of inputs": [{ type: "Dropout", rate: 0.2 }, denseLayer(7, "tanh")],
  "dropout twice in a row": [
    denseLayer(9, "gelu"),
    { type: "Dropout", rate: 0.25 },
    { type: "Dropout", rate: 0.5 },
    denseLayer(9, "gelu"),
  ],
  "dropout of nothing": [denseLayer(7, "relu"), { type: "Dropout", rate: 0 }],
  "batch normalization after an activation": [denseLayer(7, "tanh"), normalization],
  "batch normalization between product and activation": [
    { ...denseLayer(7, "linear"), useBias: false },
    normalization,
    denseLayer(7, "relu"),
  ],
  "batch normalization of inputs": [{ ...normalization, momentum: 0.5 }, denseLayer(7, "relu")],
  "batch normalization without an offset": [denseLayer(7, "sigmoid"), normalizing({ center: false })],
  "batch normalization without a factor": [denseLayer(7, "sigmoid"), normalizing({ scale: false, epsilon: 0.1 })],
  "batch normalization without trained tensors": [denseLayer(7, "tanh"), normalizing({ center: false, scale: false })],
  "batch normalization and dropout twice": [
    denseLayer(7, "relu"),
    normalization,
    { type: "Dropout", rate: 0.3 },
    denseLayer(8, "silu"),
    normalizing({ momentum: 0.8 }),
    { type: "Dropout", rate: 0.3 },
  ],
  "a hidden layer without bias": [{ ...denseLayer(7, "relu"), useBias: false }],
};

/** Plans of every layer, activation, penalty, loss, optimizer and clipping, alone and combined. */
export const FEATURES: readonly Feature[] = [
  ...ACTIVATIONS.map((activation) => feature(`${activation} units`, { hidden: [denseLayer(7, activation)] })),
  ...Object.entries(LOSSES).map(([name, [output, loss]]) => feature(name, { output: denseLayer(4, output), loss })),
  ...Object.entries(FORMS).map(([name, [output, type, examples]]) => {
    return feature(name, { output, loss: { type, labelSmoothing: 0 }, examples });
  }),
  feature("smoothed labels of one sigmoid unit", {
    output: denseLayer(1, "sigmoid"),
    loss: { type: "binary_crossentropy", labelSmoothing: 0.1 },
    examples: TWO_CLASSES,
  }),
  feature("nearly everything for weighted values", {
    hidden: [penalized(9, { l1: 0.001, l2: 0.01 }, "silu"), normalization, { type: "Dropout", rate: 0.2 }],
    output: denseLayer(3, "linear"),
    loss: { type: "mean_squared_error", labelSmoothing: 0 },
    optimizer: { ...calmAdam, globalClipNorm: 0.5 },
    examples: weighted(THREE_VALUES),
  }),
  ...Object.entries({ ...OPTIMIZERS, ...CLIPPINGS }).map(([name, optimizer]) => feature(name, { optimizer })),
  ...Object.entries(LAYERS).map(([name, hidden]) => feature(name, { hidden, optimizer: calmAdam })),
  feature("no bias at all", {
    hidden: [{ ...denseLayer(7, "tanh"), useBias: false }],
    output: { ...denseLayer(4, "softmax"), useBias: false },
  }),
  feature("a penalty on the last layer", { output: penalized(4, { l1: 0.01, l2: 0.01 }, "softmax") }),
  ...Array.from({ length: 9 }, (_, depth) => ({
    name: `${depth} hidden layers`,
    plan: planOf([...Array.from({ length: depth }, (_, layer) => 5 + (layer % 3)), FEATURE_CLASSES]),
    examples: FOUR_CLASSES,
  })),
  feature("nearly everything together", {
    hidden: [
      { ...penalized(9, { l1: 0.001, l2: 0.01 }, "silu"), useBias: false },
      normalization,
      { type: "Dropout", rate: 0.2 },
      denseLayer(7, "selu"),
    ],
    loss: { type: "categorical_crossentropy", labelSmoothing: 0.1 },
    optimizer: { ...adam, type: "adamw", weightDecay: 0.1, globalClipNorm: 0.5 },
  }),
];

interface Parts {
  readonly hidden?: readonly Layer[];
  readonly output?: DenseLayer;
  readonly loss?: LossPlan;
  readonly optimizer?: OptimizerPlan;
  /** @default four classes */
  readonly examples?: Examples;
}

function feature(name: string, { hidden, output, loss, optimizer, examples = FOUR_CLASSES }: Parts): Feature {
  const plan = planOf([]);
  const layers = [...(hidden ?? [denseLayer(7, "relu")]), output ?? denseLayer(FEATURE_CLASSES, "softmax")];
  const training = {
    ...plan.training,
    ...(loss === undefined ? {} : { loss }),
    ...(optimizer === undefined ? {} : { optimizer }),
  };
  return { name, plan: { ...plan, model: { layers }, training }, examples };
}

/** Gives the rows weights in the ratios 0 : 1 : 2 : 3 with mean 1. */
function weighted(examples: Examples): Examples {
  const raw = Array.from({ length: examples.count }, (_, row) => row % 4);
  const mean = raw.reduce((sum, weight) => sum + weight, 0) / raw.length;
  return { ...examples, weights: Float32Array.from(raw, (weight) => weight / mean) };
}

function penalized(
  units: number,
  kernelRegularizer: { readonly l1: number; readonly l2: number },
  activation: Activation = "relu",
): DenseLayer {
  return { ...denseLayer(units, activation), kernelRegularizer };
}

function normalizing(change: Partial<BatchNormalizationLayer>): BatchNormalizationLayer {
  return { ...normalization, ...change };
}
