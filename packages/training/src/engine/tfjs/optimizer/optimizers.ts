import type { OptimizerPlan } from "@sintonia/tuning/plan/training-plan";
import type { TensorFlow } from "../tensorflow/tensorflow.js";
import { adam } from "./adam.js";
import type { Optimizer } from "./optimizer.js";
import { rmsprop } from "./rmsprop.js";
import { sgd } from "./sgd.js";

/** Builds the optimizer of a plan: the engine's table of optimizers. */
export function createOptimizer(tf: TensorFlow, plan: OptimizerPlan): Optimizer {
  switch (plan.type) {
    case "adam":
    case "adamw":
      return adam(tf, plan);
    case "sgd":
      return sgd(tf, plan);
    case "rmsprop":
      return rmsprop(tf, plan);
  }
}
