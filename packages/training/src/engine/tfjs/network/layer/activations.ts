import type { Activation } from "@sintonia/tuning/plan/training-plan";
import type { Tensor2D, TensorFlow } from "../../tensorflow/tensorflow.js";

// Activations as keras.activations 3.15 defines them. All tensors have shape (batch, units).
//
//   z       inputs of the activation
//   y       outputs, y = f(z)
//   delta   gradient of the loss at y; the gradient at z is f'(z) delta
//
// Where f has a corner, f' is the slope that TensorFlow uses.

const LEAKY_RELU_SLOPE = 0.2;
// Klambauer et al. 2017, appendix A.
const SELU_ALPHA = 1.6732632423543772;
const SELU_SCALE = 1.0507009873554805;

/** The tensors from which an activation's gradient is computed. */
interface ActivationPass {
  readonly inputs: Tensor2D;
  readonly outputs: Tensor2D;
  readonly delta: Tensor2D;
}

interface Rule {
  apply(tf: TensorFlow, z: Tensor2D): Tensor2D;
  gradient(tf: TensorFlow, pass: ActivationPass): Tensor2D;
}

/** The engine's table of activations. */
const ACTIVATIONS: Readonly<Record<Activation, Rule>> = {
  linear: {
    apply: (_, z) => z,
    gradient: (_, { delta }) => delta,
  },
  relu: {
    apply: (tf, z) => tf.relu(z),
    // The sign of y is 0 or 1. tf.step computes the same with six operations in tfjs-node.
    gradient: (_, { outputs: y, delta }) => delta.mul(y.sign()),
  },
  leaky_relu: {
    apply: (tf, z) => tf.leakyRelu(z, LEAKY_RELU_SLOPE),
    gradient: (tf, { inputs: z, delta }) => tf.where(z.greater(0), delta, delta.mul(LEAKY_RELU_SLOPE)),
  },
  // f' = 1 + min(y, 0).
  elu: {
    apply: (tf, z) => tf.elu(z),
    gradient: (_, { outputs: y, delta }) => delta.mul(y.minimum(0).add(1)),
  },
  // f' = y + scale alpha below 0, else scale.
  selu: {
    apply: (tf, z) => tf.selu(z),
    gradient: (tf, { outputs: y, delta }) => {
      const below: Tensor2D = delta.mul(y.add(SELU_SCALE * SELU_ALPHA));
      return tf.where(y.less(0), below, delta.mul(SELU_SCALE));
    },
  },
  // y = z F(z) and f' = F(z) + z F'(z), where F is the distribution function of the standard
  // normal.
  gelu: {
    apply: (_, z) => z.mul(normalDistribution(z)),
    gradient: (tf, { inputs: z, delta }) => {
      const density = tf.exp(z.square().mul(-0.5)).mul(1 / Math.sqrt(2 * Math.PI));
      return delta.mul(normalDistribution(z).add(z.mul(density)));
    },
  },
  // f' = y (1 - y).
  sigmoid: {
    apply: (tf, z) => tf.sigmoid(z),
    gradient: (_, { outputs: y, delta }) => delta.mul(y.sub(y.square())),
  },
  // f' = 1 - y^2.
  tanh: {
    apply: (tf, z) => tf.tanh(z),
    gradient: (_, { outputs: y, delta }) => delta.sub(delta.mul(y.square())),
  },
  // y = z s and f' = s + y (1 - s), where s = sigmoid(z).
  silu: {
    apply: (tf, z) => z.mul(tf.sigmoid(z)),
    gradient: (tf, { inputs: z, outputs: y, delta }) => {
      const s = tf.sigmoid(z);
      return delta.mul(s.add(y.sub(y.mul(s))));
    },
  },
  // Computed for each row; the gradient at z is y (delta - sum(y delta)).
  softmax: {
    apply: (tf, z) => tf.softmax(z),
    gradient: (_, { outputs: y, delta }) => y.mul(delta.sub(y.mul(delta).sum(1, true))),
  },
};

/** Computes the outputs of an activation. */
export function activate(tf: TensorFlow, activation: Activation, inputs: Tensor2D): Tensor2D {
  return ACTIVATIONS[activation].apply(tf, inputs);
}

/** Computes the gradient of the loss at the inputs of an activation. */
export function activationGradient(tf: TensorFlow, activation: Activation, pass: ActivationPass): Tensor2D {
  return ACTIVATIONS[activation].gradient(tf, pass);
}

/** Computes the distribution function of the standard normal, (1 + erf(z / sqrt 2)) / 2. */
function normalDistribution(z: Tensor2D): Tensor2D {
  return z.mul(Math.SQRT1_2).erf().add(1).mul(0.5);
}
