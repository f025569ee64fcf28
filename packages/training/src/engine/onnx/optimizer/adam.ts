import type { AdamPlan } from "@sintonia/tuning/plan/training-plan";
import type { Optimizer } from "./optimizer.js";

/**
 * Creates Adam as Keras 3.15 defines it. With weight w, gradient g, moments m and v, and step t
 * from 1:
 *
 *   w -= weightDecay rate w
 *   m += (g - m) (1 - beta1)
 *   v += (g^2 - v) (1 - beta2)
 *   w -= alpha m / (sqrt(v) + epsilon),  alpha = rate sqrt(1 - beta2^t) / (1 - beta1^t)
 *
 * @param weightDecay - 0 for Adam, the plan's decay for AdamW
 * @see Kingma, Ba 2015, end of section 2, for alpha; Loshchilov, Hutter 2019 for the decay
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
