import type { Kernels } from "../kernels/kernels.js";

/** A trained tensor of a session, with everything that a step reads and writes of it. Values are addresses. */
export interface TrainedTensor {
  readonly count: number;
  readonly weights: number;
  readonly gradient: number;
  /** In the order of `Optimizer.slots`. */
  readonly slots: readonly number[];
}

/** The numbers of one step. */
export interface StepNumbers {
  /** Counted from 1. */
  readonly step: number;
  readonly learningRate: number;
}

/** A rule that changes weights by their gradients. */
export interface Optimizer {
  /** What is remembered of every tensor, zero before the first step. */
  readonly slots: readonly string[];
  update(kernels: Kernels, tensors: readonly TrainedTensor[], numbers: StepNumbers): void;
}
