import type { Activation } from "@sintonia/tuning/plan/training-plan";
import type { Tensor2D, TensorFlow } from "../../tensorflow/tensorflow.js";

// Each activation f with sums z, outputs y = f(z) and the gradient d of the loss at y; the gradient at z is f'(z) d.
// Where f has a corner, f' there is what TensorFlow takes.

const LEAKY_RELU_SLOPE = 0.2;
// Klambauer et al. 2017, appendix A.
const SELU_ALPHA = 1.6732632423543772;
const SELU_SCALE = 1.0507009873554805;

/** Values of one activation in a pass, all of shape (batch, units). */
export interface ActivationPass {
  readonly sums: Tensor2D;
  readonly outputs: Tensor2D;
  /** Gradient of the loss at the outputs. */
  readonly delta: Tensor2D;
}

interface Rule {
  apply(tf: TensorFlow, sums: Tensor2D): Tensor2D;
  gradient(tf: TensorFlow, pass: ActivationPass): Tensor2D;
}

const RULES: Readonly<Record<Activation, Rule>> = {
  linear: {
    apply: (_, z) => z,
    gradient: (_, { delta }) => delta,
  },
  relu: {
    apply: (tf, z) => tf.relu(z),
    // The sign of an output is 0 or 1. tf.step means the same and takes six operations in tfjs-node.
    gradient: (_, { outputs, delta }) => delta.mul(outputs.sign()),
  },
  leaky_relu: {
    apply: (tf, z) => tf.leakyRelu(z, LEAKY_RELU_SLOPE),
    gradient: (tf, { sums, delta }) => tf.where(sums.greater(0), delta, delta.mul(LEAKY_RELU_SLOPE)),
  },
  elu: {
    apply: (tf, z) => tf.elu(z),
    gradient: (_, { outputs, delta }) => delta.mul(outputs.minimum(0).add(1)),
  },
  selu: {
    apply: (tf, z) => tf.selu(z),
    gradient: (tf, { outputs, delta }) => {
      const below: Tensor2D = delta.mul(outputs.add(SELU_SCALE * SELU_ALPHA));
      return tf.where(outputs.less(0), below, delta.mul(SELU_SCALE));
    },
  },
  gelu: {
    apply: (_, z) => z.mul(normalProbability(z)),
    gradient: (tf, { sums, delta }) => {
      const density = tf.exp(sums.square().mul(-0.5)).mul(1 / Math.sqrt(2 * Math.PI));
      return delta.mul(normalProbability(sums).add(sums.mul(density)));
    },
  },
  sigmoid: {
    apply: (tf, z) => tf.sigmoid(z),
    gradient: (_, { outputs, delta }) => delta.mul(outputs.sub(outputs.square())),
  },
  tanh: {
    apply: (tf, z) => tf.tanh(z),
    gradient: (_, { outputs, delta }) => delta.sub(delta.mul(outputs.square())),
  },
  silu: {
    apply: (tf, z) => z.mul(tf.sigmoid(z)),
    gradient: (tf, { sums, outputs, delta }) => {
      const logistic = tf.sigmoid(sums);
      return delta.mul(logistic.add(outputs.sub(outputs.mul(logistic))));
    },
  },
  softmax: {
    apply: (tf, z) => tf.softmax(z),
    gradient: (_, { outputs, delta }) => outputs.mul(delta.sub(outputs.mul(delta).sum(1, true))),
  },
};

/** Computes an activation's outputs. */
export function activate(tf: TensorFlow, activation: Activation, sums: Tensor2D): Tensor2D {
  return RULES[activation].apply(tf, sums);
}

/** Computes the gradient of the loss at an activation's sums. */
export function activationGradient(tf: TensorFlow, activation: Activation, pass: ActivationPass): Tensor2D {
  return RULES[activation].gradient(tf, pass);
}

/** Distribution function of the standard normal, (1 + erf(z / sqrt 2)) / 2. */
function normalProbability(z: Tensor2D): Tensor2D {
  return z.mul(Math.SQRT1_2).erf().add(1).mul(0.5);
}
