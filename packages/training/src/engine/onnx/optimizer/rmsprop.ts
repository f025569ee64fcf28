import type { RmspropPlan } from "@sintonia/tuning/plan/training-plan";
import { NONE } from "../kernels/kernels.js";
import type { Optimizer } from "./optimizer.js";

/**
 * Creates RMSprop as Keras 3.15 defines it, with epsilon under the root:
 *
 *   v = rho v + (1 - rho) g^2
 *   a = rho a + (1 - rho) g                        if centered, else a = 0
 *   m = mu m + rate g / sqrt(v - a^2 + epsilon)    mu = 0 without momentum
 *   w -= m
 */
export function rmsprop({ rho, momentum: mu, epsilon, centered }: RmspropPlan): Optimizer {
  const slots = ["velocity", ...(centered ? ["average_gradient"] : []), ...(mu > 0 ? ["momentum"] : [])];
  return {
    slots,
    update(kernels, tensors, { learningRate }) {
      for (const { count, weights, gradient, slots: places } of tensors) {
        const place = (name: string): number => places[slots.indexOf(name)] ?? NONE;
        const [velocity, average, momentum] = [place("velocity"), place("average_gradient"), place("momentum")];
        // biome-ignore format: the order of the kernel's parameters
        kernels.rmsprop(count, weights, gradient, velocity, average, momentum, learningRate, rho, 1 - rho, epsilon, mu);
      }
    },
  };
}
