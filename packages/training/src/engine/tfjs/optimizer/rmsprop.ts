import type { RmspropPlan } from "@sintonia/tuning/plan/training-plan";
import type { Tensor, TensorFlow } from "../tensorflow/tensorflow.js";
import type { Optimizer } from "./optimizer.js";

/**
 * Creates RMSprop as Keras 3.15 defines it, with epsilon under the root:
 *
 *   v = rho v + (1 - rho) g^2
 *   a = rho a + (1 - rho) g                        if centered, else a = 0
 *   m = mu m + rate g / sqrt(v - a^2 + epsilon)    mu = 0 without momentum
 *   w -= m
 */
export function rmsprop(tf: TensorFlow, { rho, momentum, epsilon, centered }: RmspropPlan): Optimizer {
  return {
    slots: ["velocity", ...(centered ? ["average_gradient"] : []), ...(momentum > 0 ? ["momentum"] : [])],
    update: ({ learningRate }) => {
      const [rate, offset, kept] = [tf.scalar(learningRate), tf.scalar(epsilon), tf.scalar(momentum)];
      const mean = movingMean(tf, rho);
      return ({ weight, slots: [velocity, ...rest] }, gradient) => {
        const square = mean(velocity as Tensor, gradient.square());
        const average = centered ? [mean(rest[0] as Tensor, gradient)] : [];
        const variance = average.reduce((value, first) => value.sub(first.square()), square);
        const change = gradient.mul(rate).div(variance.add(offset).sqrt());
        if (momentum === 0) return { weight: weight.sub(change), slots: [square, ...average] };
        const total = (rest.at(-1) as Tensor).mul(kept).add(change);
        return { weight: weight.sub(total), slots: [square, ...average, total] };
      };
    },
  };
}

function movingMean(tf: TensorFlow, rho: number): (mean: Tensor, value: Tensor) => Tensor {
  const [kept, taken] = [tf.scalar(rho), tf.scalar(1 - rho)];
  return (mean, value) => mean.mul(kept).add(value.mul(taken));
}
