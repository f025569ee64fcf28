import type { Scalar, TensorFlow } from "../../tensorflow/tensorflow.js";
import type { Loss, Prediction } from "./loss.js";

/**
 * Computes binary cross-entropy, the mean over the classes of -t log(y) - (1 - t) log(1 - y), in
 * the form max(z, 0) - z t + log(1 + exp(-|z|)), which does not overflow. Its gradient at z is (y
 * - t) / classes. The outputs must be sigmoid(z).
 */
export function binaryCrossentropy(tf: TensorFlow, { logits, outputs, targets }: Prediction): Loss {
  const [, classes] = logits.shape;
  const losses = tf.relu(logits).sub(logits.mul(targets)).add(tf.softplus(logits.abs().neg()));
  return {
    sum: losses.sum().div(classes) as Scalar,
    gradient: () => outputs.sub(targets).div(classes),
  };
}
