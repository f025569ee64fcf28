import type { AdamPlan } from "@sintonia/tuning/plan/training-plan";
import type { Optimizer } from "./optimizer.js";

/**
 * Adam as Keras 3.15 defines it: epsilon is added to the root of the uncorrected second moment, and the corrections are
 * part of the step size.
 *
 * @param weightDecay - share of the weights, times the learning rate, that a step takes off first; 0 for none
 * @see Kingma, Ba 2015, the last paragraph of section 2
 */
export function adam(plan: Omit<AdamPlan, "type">, weightDecay: number): Optimizer {
  const { beta1, beta2, epsilon } = plan;
  return {
    slots: ["momentum", "velocity"],
    update(kernels, tensors, { step, learningRate }) {
      const alpha = (learningRate * Math.sqrt(1 - beta2 ** step)) / (1 - beta1 ** step);
      const decay = weightDecay * learningRate;
      for (const { count, weights, gradient, slots } of tensors) {
        const [momentum = 0, velocity = 0] = slots;
        kernels.adam(count, weights, gradient, momentum, velocity, alpha, 1 - beta1, 1 - beta2, epsilon, decay);
      }
    },
  };
}
