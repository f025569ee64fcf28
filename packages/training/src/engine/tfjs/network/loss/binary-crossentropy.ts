import type { Scalar, Tensor2D, TensorFlow } from "../../tensorflow/tensorflow.js";
import { type Loss, type Prediction, weighted } from "./loss.js";

/**
 * Computes binary cross-entropy, the mean over the outputs of -t log(y) - (1 - t) log(1 - y), in
 * the form max(z, 0) - z t + log(1 + exp(-|z|)), which does not overflow. Its gradient at z is (y
 * - t) / width. The outputs must be sigmoid(z).
 */
export function binaryCrossentropy(tf: TensorFlow, prediction: Prediction): Loss {
  const { logits, outputs, targets } = prediction;
  const [, width] = logits.shape;
  const linear = tf.relu(logits).sub(logits.mul(targets));
  const losses = linear.add(tf.softplus(logits.abs().neg())) as Tensor2D;
  return {
    sum: weighted(losses, prediction).sum().div(width) as Scalar,
    gradient: () => outputs.sub(targets).div(width),
  };
}
