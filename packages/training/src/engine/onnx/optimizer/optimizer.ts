import type { OptimizerPlan } from "@sintonia/tuning/plan/training-plan";
import type { Kernels } from "../kernels/kernels.js";
import { adam } from "./adam.js";
import { rmsprop } from "./rmsprop.js";
import { sgd } from "./sgd.js";

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

export function optimizerOf(plan: OptimizerPlan): Optimizer {
  switch (plan.type) {
    case "adam":
      return adam(plan, 0);
    case "adamw":
      return adam(plan, plan.weightDecay);
    case "sgd":
      return sgd(plan);
    case "rmsprop":
      return rmsprop(plan);
  }
}
