// What one trial trains, fully resolved: no reference to a parameter is left. The same plan gives the same result on the
// same engine and thread count.

import type { Goal } from "../objective/goal.js";

export type DataSetName = "mnist" | "fashion-mnist";

/** Half-open range [start, end) of rows of the training file. */
export type RowRange = readonly [start: number, end: number];

export interface DataSetPlan {
  readonly name: DataSetName;
  /** Without rows for validation an epoch measures loss and accuracy only. */
  readonly split: { readonly train: RowRange; readonly validation?: RowRange };
}

export type MetricName = "loss" | "accuracy" | "val_loss" | "val_accuracy";

export interface Objective {
  readonly metric: MetricName;
  readonly goal: Goal;
}

/**
 * Initializers with Keras' names, arguments and definitions (keras.initializers 3.15). Seeds are not among the arguments:
 * every tensor draws from a stream of its own, made from the plan's seed.
 */
export type Initializer =
  | { readonly type: "Zeros" | "Ones" }
  | { readonly type: "Constant"; readonly value: number }
  | { readonly type: "Identity" | "Orthogonal"; readonly gain: number }
  | { readonly type: "RandomNormal" | "TruncatedNormal"; readonly mean: number; readonly stddev: number }
  | { readonly type: "RandomUniform"; readonly minval: number; readonly maxval: number }
  | VarianceScaling
  | { readonly type: "GlorotNormal" | "GlorotUniform" | "HeNormal" | "HeUniform" | "LecunNormal" | "LecunUniform" };

export interface VarianceScaling {
  readonly type: "VarianceScaling";
  /** Above 0. @default 1 */
  readonly scale: number;
  /** @default fan_in */
  readonly mode: "fan_in" | "fan_out" | "fan_avg";
  /** @default truncated_normal */
  readonly distribution: "truncated_normal" | "untruncated_normal" | "uniform";
}

/** Keras' activations with their default arguments: leaky_relu has slope 0.2, elu alpha 1, gelu is exact. */
export type Activation =
  | "linear"
  | "relu"
  | "leaky_relu"
  | "elu"
  | "selu"
  | "gelu"
  | "sigmoid"
  | "tanh"
  | "silu"
  | "softmax";

/** Penalty on a kernel's values w, added to the loss: l1 * sum |w| + l2 * sum w^2. */
export interface Regularizer {
  /** At least 0. @default 0 */
  readonly l1: number;
  /** At least 0. @default 0 */
  readonly l2: number;
}

/** activation(x · kernel + bias). */
export interface DenseLayer {
  readonly type: "Dense";
  readonly units: number;
  /** @default linear */
  readonly activation: Activation;
  /** @default true */
  readonly useBias: boolean;
  /** @default GlorotUniform */
  readonly kernelInitializer: Initializer;
  /** @default Zeros */
  readonly biasInitializer: Initializer;
  readonly kernelRegularizer?: Regularizer;
}

/** In training, sets a share of its inputs to 0 and scales the others by 1 / (1 - rate). */
export interface DropoutLayer {
  readonly type: "Dropout";
  /** At least 0 and below 1. */
  readonly rate: number;
}

/**
 * Scales each unit to mean 0 and variance 1: of the batch in training, of the moving averages in evaluation. The variance
 * is that of the population (divided by n).
 */
export interface BatchNormalizationLayer {
  readonly type: "BatchNormalization";
  /** Share of the moving averages that a step keeps. @default 0.99 */
  readonly momentum: number;
  /** Added to the variance. @default 1e-3 */
  readonly epsilon: number;
  /** Whether a trained offset (beta) is added. @default true */
  readonly center: boolean;
  /** Whether a trained factor (gamma) is applied. @default true */
  readonly scale: boolean;
}

export type Layer = DenseLayer | DropoutLayer | BatchNormalizationLayer;

/**
 * A learning rate that depends on the number of steps that the optimizer has taken before, counted from 0; Keras' names
 * and formulas (keras.optimizers.schedules 3.15).
 */
export type LearningRateSchedule =
  | {
      readonly type: "CosineDecay";
      readonly initialLearningRate: number;
      /** Without those of the warm-up. */
      readonly decaySteps: number;
      /** Lowest rate as a share of the highest. @default 0 */
      readonly alpha: number;
      /** Rate at the end of the warm-up, which begins at the initial one. */
      readonly warmupTarget?: number;
      /** @default 0 */
      readonly warmupSteps: number;
    }
  | {
      readonly type: "ExponentialDecay";
      readonly initialLearningRate: number;
      readonly decaySteps: number;
      readonly decayRate: number;
      /** Whether the rate falls in steps of `decaySteps` instead of smoothly. @default false */
      readonly staircase: boolean;
    }
  | {
      readonly type: "PiecewiseConstantDecay";
      /** Last step of each piece but the last, rising. */
      readonly boundaries: readonly number[];
      /** One more than boundaries. */
      readonly values: readonly number[];
    };

/** What all optimizers have. */
interface OptimizerBase {
  readonly learningRate: number | LearningRateSchedule;
  /** Largest norm of one tensor's gradient; a larger one is scaled down to it. */
  readonly clipNorm?: number;
  /** As `clipNorm`, for the norm over all tensors; not together with it. */
  readonly globalClipNorm?: number;
}

/** Adam as Keras defines it: epsilon is added after the uncorrected square root. */
export interface AdamPlan extends OptimizerBase {
  readonly type: "adam";
  /** @default 0.9 */
  readonly beta1: number;
  /** @default 0.999 */
  readonly beta2: number;
  /** @default 1e-7 */
  readonly epsilon: number;
}

/** Adam after a decay of every weight, biases too, by learning rate times `weightDecay`, as in Keras. */
export interface AdamWPlan extends Omit<AdamPlan, "type"> {
  readonly type: "adamw";
  /** @default 0.004 */
  readonly weightDecay: number;
}

/** Stochastic gradient descent. */
export interface SgdPlan extends OptimizerBase {
  readonly type: "sgd";
  /** From 0 to 1. @default 0 */
  readonly momentum: number;
  /** @default false */
  readonly nesterov: boolean;
}

export interface RmspropPlan extends OptimizerBase {
  readonly type: "rmsprop";
  /** @default 0.9 */
  readonly rho: number;
  /** @default 0 */
  readonly momentum: number;
  /** @default 1e-7 */
  readonly epsilon: number;
  /** Whether the mean of the gradients is taken off their mean square. @default false */
  readonly centered: boolean;
}

export type OptimizerPlan = AdamPlan | AdamWPlan | SgdPlan | RmspropPlan;

/**
 * Losses between the model's outputs and the one-hot class, averaged over the batch. `categorical_crossentropy` and its
 * sparse form are one here, since the data hold class numbers.
 */
export interface LossPlan {
  readonly type:
    | "categorical_crossentropy"
    | "sparse_categorical_crossentropy"
    | "binary_crossentropy"
    | "mean_squared_error"
    | "mean_absolute_error";
  /** Share of the target that is spread over all classes; 0 for losses without it. @default 0 */
  readonly labelSmoothing: number;
}

/** Direction in which a watched metric is better; `auto`: accuracies up, losses down. */
export type MonitorMode = "auto" | "min" | "max";

export interface ReduceLROnPlateauPlan {
  readonly type: "ReduceLROnPlateau";
  /** @default val_loss */
  readonly monitor: MetricName;
  /** @default auto */
  readonly mode: MonitorMode;
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
  /** @default val_loss */
  readonly monitor: MetricName;
  /** @default auto */
  readonly mode: MonitorMode;
  /** @default 0 */
  readonly patience: number;
  /** @default 0 */
  readonly minDelta: number;
  /** Value to beat: an improvement that does not reach it leaves the patience running. */
  readonly baseline?: number;
  /** Whether training ends with the weights of the best epoch by `monitor`. @default false */
  readonly restoreBestWeights: boolean;
  /** Epochs before this one, counted from 0, are not looked at. @default 0 */
  readonly startFromEpoch: number;
}

/**
 * Ends training at the first batch whose loss is not finite; the epochs before it count. Without this callback such a
 * batch makes the trial infeasible.
 */
export interface TerminateOnNaNPlan {
  readonly type: "TerminateOnNaN";
}

export type CallbackPlan = ReduceLROnPlateauPlan | EarlyStoppingPlan | TerminateOnNaNPlan;

/**
 * Weights that a training gives: `best-epoch`, of the epoch that is best by the objective, as KerasTuner's trials do;
 * `last-epoch`, as Keras' `fit` leaves them, those that an EarlyStopping with `restoreBestWeights` restores included.
 */
export type WeightsKept = "best-epoch" | "last-epoch";

export interface ModelPlan {
  /** The last one is a dense layer with one unit per class. */
  readonly layers: readonly Layer[];
}

export interface TrainingPlan {
  readonly dataset: DataSetPlan;
  readonly objective: Objective;
  readonly model: ModelPlan;
  readonly training: {
    readonly optimizer: OptimizerPlan;
    readonly loss: LossPlan;
    readonly batchSize: number;
    readonly maxEpochs: number;
    /** Applied in this order at the end of every epoch. */
    readonly callbacks: readonly CallbackPlan[];
    /** @default best-epoch */
    readonly keep?: WeightsKept;
  };
  /** One seed for each execution, in order; unsigned 32-bit integers. */
  readonly seeds: readonly number[];
}
