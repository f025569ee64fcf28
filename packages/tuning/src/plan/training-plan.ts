// What one trial trains, fully resolved: no reference to a parameter is left. The same plan gives the same result on the
// same engine and thread count.

export type DataSetName = "mnist" | "fashion-mnist";

/** Half-open range [start, end) of rows of the training file. */
export type RowRange = readonly [start: number, end: number];

export interface DataSetPlan {
  readonly name: DataSetName;
  readonly split: { readonly train: RowRange; readonly validation: RowRange };
}

export type Goal = "maximize" | "minimize";
export type MetricName = "loss" | "accuracy" | "val_loss" | "val_accuracy";

export interface Objective {
  readonly metric: MetricName;
  readonly goal: Goal;
}

/** Initializers with Keras' names, arguments and definitions. */
export type Initializer =
  | { readonly type: "Zeros" | "Ones" }
  | { readonly type: "Constant"; readonly value: number }
  | { readonly type: "RandomNormal" | "TruncatedNormal"; readonly mean: number; readonly stddev: number }
  | { readonly type: "RandomUniform"; readonly minval: number; readonly maxval: number }
  | { readonly type: "GlorotUniform" | "GlorotNormal" | "HeUniform" | "HeNormal" };

export type Activation = "relu" | "softmax" | "linear";

/** A dense layer: activation(x · kernel + bias). */
export interface DenseLayer {
  readonly units: number;
  readonly activation: Activation;
  /** @default GlorotUniform */
  readonly kernelInitializer: Initializer;
  /** @default Zeros */
  readonly biasInitializer: Initializer;
}

/** Adam as Keras defines it: epsilon is added after the uncorrected square root. */
export interface AdamPlan {
  readonly type: "adam";
  readonly learningRate: number;
  /** @default 0.9 */
  readonly beta1: number;
  /** @default 0.999 */
  readonly beta2: number;
  /** @default 1e-7 */
  readonly epsilon: number;
}

export interface ReduceLROnPlateauPlan {
  readonly type: "ReduceLROnPlateau";
  readonly monitor: MetricName;
  /** Below 1. @default 0.1 */
  readonly factor: number;
  /** @default 10 */
  readonly patience: number;
  /** @default 1e-4 */
  readonly minDelta: number;
  /** @default 0 */
  readonly cooldown: number;
  /** @default 0 */
  readonly minLr: number;
}

export interface EarlyStoppingPlan {
  readonly type: "EarlyStopping";
  readonly monitor: MetricName;
  /** @default 0 */
  readonly patience: number;
  /** @default 0 */
  readonly minDelta: number;
}

export type CallbackPlan = ReduceLROnPlateauPlan | EarlyStoppingPlan;

export interface TrainingPlan {
  readonly dataset: DataSetPlan;
  readonly objective: Objective;
  /** The last layer has one unit per class and activation softmax. */
  readonly model: { readonly layers: readonly DenseLayer[] };
  readonly training: {
    readonly optimizer: AdamPlan;
    readonly loss: "categorical_crossentropy";
    readonly batchSize: number;
    readonly maxEpochs: number;
    /** Applied in this order at the end of every epoch. */
    readonly callbacks: readonly CallbackPlan[];
  };
  /** One seed for each execution, in order; unsigned 32-bit integers. */
  readonly seeds: readonly number[];
}
