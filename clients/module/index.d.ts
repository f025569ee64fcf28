// Types of modules that build models for Sintonia. Guide: docs/modules.md.

import type * as tf from "@tensorflow/tfjs";

/** tfjs as the trainer's engine has it. A module uses this one, and imports none of its own. */
export type TensorFlow = typeof tf;

/** The value of a parameter. A parameter that is inactive in the trial has none. */
export type Value = number | string | boolean;

/** The values of a trial by the names of their parameters. */
export type Values = Readonly<Record<string, Value>>;

/** The facts of the data. */
export interface Dataset {
  /** Name of a known data set; absent for files. */
  readonly name?: string;
  readonly task: "classification" | "regression";
  /** Number of training rows. */
  readonly rows: number;
  /** Number of values of one row. */
  readonly features: number;
  /** Shape of one row: [28, 28, 1] for images, else [features]. */
  readonly inputShape: number[];
  /** Number of classes; absent in a regression. */
  readonly classes?: number;
  /** Number of outputs that the model needs: one for each class, or for each target value. */
  readonly outputs: number;
}

/** The arguments of `build`. */
export interface BuildContext<V = Values> {
  readonly tf: TensorFlow;
  readonly values: V;
  readonly dataset: Dataset;
}

/**
 * Builds the model of a trial, compiled or not. Layers without a seed of their own draw their
 * initial weights from the seed of the execution.
 *
 * An error with the name `InfeasibleError` says that the values give no model: the oracle then
 * avoids them. Any other error fails the trial.
 */
export type Build<V = Values> = (context: BuildContext<V>) => tf.LayersModel | Promise<tf.LayersModel>;

/** The rows of one split as tensors. */
export interface Rows {
  readonly count: number;
  /** Shape (count, ...input of the model). */
  readonly inputs: tf.Tensor;
  /** One-hot classes or target values, shape (count, outputs). */
  readonly targets: tf.Tensor2D;
}

/** The numbers of one epoch. Sintonia measures the validation rows itself. */
export interface EpochLogs {
  readonly loss?: number;
  readonly acc?: number;
  readonly accuracy?: number;
  readonly [name: string]: unknown;
}

/** The callbacks of `fit`. They fit the `callbacks` of `model.fit`. */
export interface FitCallbacks {
  /**
   * Reports an epoch. Await the promise: training goes on once the epoch is stored. It rejects when
   * the trial has ended.
   */
  onEpochEnd(epoch: number, logs?: EpochLogs): Promise<void>;
}

/** The arguments of `fit`. */
export interface FitContext<V = Values> {
  readonly tf: TensorFlow;
  /** The model that `build` returned; in a resumed trial with the weights and the optimizer of its checkpoint. */
  readonly model: tf.LayersModel;
  readonly dataset: Dataset & { readonly train: Rows; readonly validation?: Rows };
  readonly values: V;
  readonly callbacks: FitCallbacks;
  /** `training.maxEpochs`: the trial ends after this epoch. */
  readonly epochs: number;
  /** First epoch, counted from 0: above 0 in a resumed trial. */
  readonly initialEpoch: number;
  /** `training.batchSize`. */
  readonly batchSize: number;
  /** Seed of the execution. */
  readonly seed: number;
}

/** Trains the model, in place of Sintonia's loop over batches. May return a promise. */
export type Fit<V = Values> = (context: FitContext<V>) => unknown;

/** The condition of a parameter: the allowed values of its parents. */
export type Conditions = Readonly<Record<string, Value | readonly Value[]>>;

/** A parameter, as docs/spec.md describes it. */
export type Parameter =
  | {
      readonly type: "double" | "integer";
      readonly min: number;
      readonly max: number;
      readonly step?: number;
      readonly factor?: number;
      readonly scale?: "linear" | "log" | "reverse-log";
      readonly default?: number;
      readonly when?: Conditions;
    }
  | {
      readonly type: "categorical";
      readonly values: readonly Value[];
      readonly ordered?: boolean;
      readonly default?: Value;
      readonly when?: Conditions;
    }
  | { readonly type: "boolean"; readonly default?: boolean; readonly when?: Conditions }
  | { readonly type: "fixed"; readonly value: Value; readonly when?: Conditions };

/** The search space of a module, which a spec without `parameters` gets. */
export type Parameters = Readonly<Record<string, Parameter>>;
