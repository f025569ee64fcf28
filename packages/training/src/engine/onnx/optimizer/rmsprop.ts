import type { RmspropPlan } from "@sintonia/tuning/plan/training-plan";
import { NONE } from "../kernels/kernels.js";
import type { Optimizer } from "./optimizer.js";

/** RMSprop as Keras 3.15 defines it: epsilon is added below the root. */
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
