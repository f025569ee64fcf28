import type { SgdPlan } from "@sintonia/tuning/plan/training-plan";
import { NONE } from "../kernels/kernels.js";
import type { Optimizer } from "./optimizer.js";

/** Gradient descent, with momentum if it is not 0, as Keras 3.15 defines it. */
export function sgd({ momentum: mu, nesterov }: SgdPlan): Optimizer {
  return {
    slots: mu === 0 ? [] : ["momentum"],
    update(kernels, tensors, { learningRate }) {
      for (const { count, weights, gradient, slots } of tensors) {
        kernels.sgd(count, weights, gradient, slots[0] ?? NONE, learningRate, mu, nesterov);
      }
    },
  };
}
