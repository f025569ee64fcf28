// The training plan of one trial, without references to parameters. The same plan has the same
// result on the same engine and thread count.

import type { MeasuredFact } from "../aims/facts.js";
import type { Goal } from "../objective/goal.js";
import type { FileDataSet } from "./data-set/file-data-set.js";
import type { NamedDataSet } from "./data-set/named-data-set.js";
import type { MetricName } from "./metric.js";

export type { DataSetName, RowRange } from "./data-set/named-data-set.js";
export type { MetricName } from "./metric.js";

/** The data set of a plan: a known one, or one of the user's own files. */
export type DataSetPlan = NamedDataSet | FileDataSet;

/** Returns true for a data set of the user's own files. */
export function isFileDataSet(dataset: DataSetPlan): dataset is FileDataSet {
  return !("name" in dataset);
}

/** An outcome that a trainer measures because a plan asks for it. */
export type AskedOutcome = MetricName | MeasuredFact;

/** The metric that a study optimises, and its goal. */
export interface Objective {
  readonly metric: MetricName;
  readonly goal: Goal;
}

/**
 * Initializers with Keras' names, arguments and definitions (keras.initializers 3.15). Seeds are
 * not among the arguments: each tensor draws from its own stream, derived from the plan's seed.
 */
export type Initializer =
  | { readonly type: "Zeros" | "Ones" }
  | { readonly type: "Constant"; readonly value: number }
  | { readonly type: "Identity" | "Orthogonal"; readonly gain: number }
  | { readonly type: "RandomNormal" | "TruncatedNormal"; readonly mean: number; readonly stddev: number }
  | { readonly type: "RandomUniform"; readonly minval: number; readonly maxval: number }
  | VarianceScaling
  | { readonly type: "GlorotNormal" | "GlorotUniform" | "HeNormal" | "HeUniform" | "LecunNormal" | "LecunUniform" };

/** Keras' VarianceScaling: variance `scale` / fan. */
export interface VarianceScaling {
  readonly type: "VarianceScaling";
  /** Above 0. @default 1 */
  readonly scale: number;
  /** @default fan_in */
  readonly mode: "fan_in" | "fan_out" | "fan_avg";
  /** @default truncated_normal */
  readonly distribution: "truncated_normal" | "untruncated_normal" | "uniform";
}

/**
 * Keras' activations with their default arguments: leaky_relu has slope 0.2, elu alpha 1, gelu is
 * exact.
 */
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

/** A dense layer: activation(x · kernel + bias). */
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

/**
 * A dropout layer. In training it sets the share `rate` of its inputs to 0 and scales the others by
 * 1 / (1 - rate).
 */
export interface DropoutLayer {
  readonly type: "Dropout";
  /** At least 0 and below 1. */
  readonly rate: number;
}

/**
 * Batch normalization. Scales each unit to mean 0 and variance 1, by the moments of the batch in
 * training and by the moving averages in evaluation. The variance is the population's (divisor n).
 */
export interface BatchNormalizationLayer {
  readonly type: "BatchNormalization";
  /** Weight of the old value when a step updates a moving average. @default 0.99 */
  readonly momentum: number;
  /** Added to the variance. @default 1e-3 */
  readonly epsilon: number;
  /** True adds a trained offset (beta). @default true */
  readonly center: boolean;
  /** True applies a trained factor (gamma). @default true */
  readonly scale: boolean;
}

/** A layer of a model. */
export type Layer = DenseLayer | DropoutLayer | BatchNormalizationLayer;

/**
 * A learning rate as a function of the number of earlier optimizer steps, from 0. Names and
 * formulas of keras.optimizers.schedules 3.15.
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
      /** True lowers the rate in steps of `decaySteps` instead of smoothly. @default false */
      readonly staircase: boolean;
    }
  | {
      readonly type: "PiecewiseConstantDecay";
      /** Last step of each piece but the last, rising. */
      readonly boundaries: readonly number[];
      /** One more than boundaries. */
      readonly values: readonly number[];
    };

/** The fields of all optimizers. */
interface OptimizerBase {
  readonly learningRate: number | LearningRateSchedule;
  /** Upper limit of the norm of each tensor's gradient; a larger gradient is scaled down to it. */
  readonly clipNorm?: number;
  /** Upper limit of the norm over all tensors; excludes `clipNorm`. */
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

/**
 * Adam after a decay of every weight, biases too, by learning rate times `weightDecay`, as in
 * Keras.
 */
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

/** RMSprop. */
export interface RmspropPlan extends OptimizerBase {
  readonly type: "rmsprop";
  /** @default 0.9 */
  readonly rho: number;
  /** @default 0 */
  readonly momentum: number;
  /** @default 1e-7 */
  readonly epsilon: number;
  /** True subtracts the squared mean of the gradients from their mean square. @default false */
  readonly centered: boolean;
}

/** An optimizer. */
export type OptimizerPlan = AdamPlan | AdamWPlan | SgdPlan | RmspropPlan;

/**
 * A loss between the model's outputs and the one-hot class, averaged over the batch. The sparse
 * form of `categorical_crossentropy` is an alias of it, because the data hold class numbers.
 */
export interface LossPlan {
  readonly type:
    | "categorical_crossentropy"
    | "sparse_categorical_crossentropy"
    | "binary_crossentropy"
    | "mean_squared_error"
    | "mean_absolute_error"
    | "huber";
  /** Label smoothing: the share of the target that is spread over all classes. @default 0 */
  readonly labelSmoothing: number;
  /** Of `huber`: the error up to which the loss is quadratic; above 0. @default 1 */
  readonly delta?: number;
}

/** The better direction of a monitored metric. `auto`: the one of the metric. */
export type MonitorMode = "auto" | "min" | "max";

/** Keras' ReduceLROnPlateau. */
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

/** Keras' EarlyStopping. */
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
  /** Value that an improvement must reach to reset the patience. */
  readonly baseline?: number;
  /** True ends training with the weights of the best epoch by `monitor`. @default false */
  readonly restoreBestWeights: boolean;
  /** First epoch, from 0, that is monitored. @default 0 */
  readonly startFromEpoch: number;
}

/**
 * Ends training at the first batch whose loss is not finite. The epochs before it count. Without
 * this callback such a batch makes the trial infeasible.
 */
export interface TerminateOnNaNPlan {
  readonly type: "TerminateOnNaN";
}

/** A callback. */
export type CallbackPlan = ReduceLROnPlateauPlan | EarlyStoppingPlan | TerminateOnNaNPlan;

/**
 * The weights that a training keeps. `best-epoch`: those of the epoch with the best objective, as
 * in KerasTuner. `last-epoch`: those that Keras' `fit` ends with, which an EarlyStopping with
 * `restoreBestWeights` may have restored.
 */
export type WeightsKept = "best-epoch" | "last-epoch";

/** The model of a plan. */
export interface ModelPlan {
  /** The last one is a dense layer with one unit per class. */
  readonly layers: readonly Layer[];
}

/** The resolved plan of one trial. */
export interface TrainingPlan {
  readonly dataset: DataSetPlan;
  readonly objective: Objective;
  /** Outcomes that are measured beside the objective. @default none */
  readonly outcomes?: readonly AskedOutcome[];
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
  /**
   * The fold for validation of each execution, from 0. Present if and only if the data set has
   * folds.
   */
  readonly folds?: readonly number[];
}
