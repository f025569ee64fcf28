import type { Kernels } from "../kernels/kernels.js";

/** The addresses of a trained tensor: everything that an optimizer reads and writes. */
export interface TrainedTensor {
  /** Number of values. */
  readonly count: number;
  readonly weights: number;
  readonly gradient: number;
  /** Addresses of the slots, in the order of `Optimizer.slots`. */
  readonly slots: readonly number[];
}

/** The numbers that change from step to step. */
export interface StepNumbers {
  /** Counted from 1. */
  readonly step: number;
  readonly learningRate: number;
}

/**
 * A rule that changes weights by their gradients, with the arithmetic of Keras' optimizer of the
 * same name.
 */
export interface Optimizer {
  /**
   * Names of the tensors that the optimizer keeps for each weight tensor; zero before the first
   * step.
   */
  readonly slots: readonly string[];
  /** Changes weights and slots in place. */
  update(kernels: Kernels, tensors: readonly TrainedTensor[], numbers: StepNumbers): void;
}
