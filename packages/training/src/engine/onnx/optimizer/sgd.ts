import type { SgdPlan } from "@sintonia/tuning/plan/training-plan";
import { NONE } from "../kernels/kernels.js";
import type { Optimizer } from "./optimizer.js";

/**
 * Creates stochastic gradient descent as Keras 3.15 defines it. With momentum mu > 0:
 *
 *   m = mu m - rate g
 *   w += m,  or with Nesterov's momentum w += mu m - rate g
 */
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
