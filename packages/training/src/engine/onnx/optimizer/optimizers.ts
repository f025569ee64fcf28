import type { OptimizerPlan } from "@sintonia/tuning/plan/training-plan";
import { adam } from "./adam.js";
import type { Optimizer } from "./optimizer.js";
import { rmsprop } from "./rmsprop.js";
import { sgd } from "./sgd.js";

/** Builds the optimizer of a plan: the engine's table of optimizers. */
export function createOptimizer(plan: OptimizerPlan): Optimizer {
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
