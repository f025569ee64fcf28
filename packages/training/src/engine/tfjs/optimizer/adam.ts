import type { AdamPlan, AdamWPlan } from "@sintonia/tuning/plan/training-plan";
import type { Tensor, TensorFlow } from "../tensorflow/tensorflow.js";
import type { Optimizer } from "./optimizer.js";

// Keras' step with two operations fewer for each tensor. With k = sqrt(1 - b2), the moments here
// are M = m / (1 - b1) and V = v / (1 - b2):
//
//   Keras                                     here
//   m += (g - m) (1 - b1)                     M = b1 M + g
//   v += (g^2 - v) (1 - b2)                   V = b2 V + g^2
//   w -= alpha m / (sqrt(v) + eps)            w -= (alpha (1 - b1) / k) M / (sqrt(V) + eps / k)
//
// alpha = rate sqrt(1 - b2^t) / (1 - b1^t), where t is the number of the step, counted from 1.
// Both columns are equal in exact arithmetic.

/** Creates Adam, or AdamW: a decay of every weight, then Adam. */
export function adam(tf: TensorFlow, plan: AdamPlan | AdamWPlan): Optimizer {
  const { beta1, beta2, epsilon } = plan;
  const decay = plan.type === "adamw" ? plan.weightDecay : 0;
  const root = Math.sqrt(1 - beta2);
  return {
    slots: ["momentum", "velocity"],
    update: ({ number, learningRate }) => {
      const alpha = (learningRate * Math.sqrt(1 - beta2 ** number)) / (1 - beta1 ** number);
      const stepSize = tf.scalar((alpha * (1 - beta1)) / root);
      const [b1, b2, offset] = [tf.scalar(beta1), tf.scalar(beta2), tf.scalar(epsilon / root)];
      return ({ weight, slots: [momentum, velocity] }, gradient) => {
        const first = (momentum as Tensor).mul(b1).add(gradient);
        const second = (velocity as Tensor).mul(b2).add(gradient.square());
        const change = first.mul(stepSize).div(second.sqrt().add(offset));
        // Not weight (1 - decay rate): 1 - 1e-6 in float32 keeps only two digits of the decay.
        const decayed = decay === 0 ? weight : weight.sub(weight.mul(decay * learningRate));
        return { weight: decayed.sub(change), slots: [first, second] };
      };
    },
  };
}
