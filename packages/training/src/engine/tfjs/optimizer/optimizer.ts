import type { Tensor } from "../tensorflow/tensorflow.js";

/** Turns clipped gradients into the next weights, as Keras' optimizer of that name does. tf.train has others. */
export interface Optimizer {
  /** What it remembers of each tensor, all zero before the first step. */
  readonly slots: readonly string[];
  /** The update of one step, to be made and used inside one tf.tidy. */
  update(step: OptimizerStep): Update;
}

export interface OptimizerStep {
  /** 1 for the first step of training. */
  readonly number: number;
  readonly learningRate: number;
}

/** One tensor under training with its slots, in the optimizer's order. */
export interface Trained {
  readonly weight: Tensor;
  readonly slots: readonly Tensor[];
}

/** Computes the next values of a tensor and of its slots. */
export type Update = (trained: Trained, gradient: Tensor) => Trained;
