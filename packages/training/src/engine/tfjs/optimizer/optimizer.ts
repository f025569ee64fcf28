import type { Tensor } from "../tensorflow/tensorflow.js";

/**
 * A rule that computes the next weights from clipped gradients, with the arithmetic of Keras'
 * optimizer of the same name. The optimizers of tf.train differ from Keras'.
 */
export interface Optimizer {
  /**
   * Names of the tensors that the optimizer keeps for each weight tensor; zero before the first
   * step.
   */
  readonly slots: readonly string[];
  /** Returns the update of one step. Created and applied inside the same tf.tidy. */
  update(step: OptimizerStep): Update;
}

/** The numbers that change from step to step. */
interface OptimizerStep {
  /** Number of this step, counted from 1. */
  readonly number: number;
  readonly learningRate: number;
}

/** A trained tensor with its slots in the optimizer's order. */
export interface Trained {
  readonly weight: Tensor;
  readonly slots: readonly Tensor[];
}

/** Computes the next values of a tensor and of its slots. */
export type Update = (trained: Trained, gradient: Tensor) => Trained;
