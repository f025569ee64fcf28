import type { SgdPlan } from "@sintonia/tuning/plan/training-plan";
import type { Tensor, TensorFlow } from "../tensorflow/tensorflow.js";
import type { Optimizer, Update } from "./optimizer.js";

/**
 * Creates stochastic gradient descent as Keras 3.15 defines it. With momentum mu > 0:
 *
 *   m = mu m - rate g
 *   w += m,  or with Nesterov's momentum w += mu m - rate g
 */
export function sgd(tf: TensorFlow, { momentum, nesterov }: SgdPlan): Optimizer {
  if (momentum === 0) return { slots: [], update: ({ learningRate }) => descent(tf, learningRate) };
  return {
    slots: ["momentum"],
    update: ({ learningRate }) => {
      const [rate, kept] = [tf.scalar(learningRate), tf.scalar(momentum)];
      return ({ weight, slots: [velocity] }, gradient) => {
        const fall = gradient.mul(rate);
        const next = (velocity as Tensor).mul(kept).sub(fall);
        return { weight: weight.add(nesterov ? next.mul(kept).sub(fall) : next), slots: [next] };
      };
    },
  };
}

function descent(tf: TensorFlow, learningRate: number): Update {
  const rate = tf.scalar(learningRate);
  return ({ weight }, gradient) => ({ weight: weight.sub(gradient.mul(rate)), slots: [] });
}
