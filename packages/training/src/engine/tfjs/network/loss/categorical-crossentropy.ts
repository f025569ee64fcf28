import type { Scalar, TensorFlow } from "../../tensorflow/tensorflow.js";
import type { Loss, Prediction } from "./loss.js";

/**
 * Computes categorical cross-entropy, -sum t log(softmax(z)) for each example. Its gradient at z
 * is y - t, because the targets of an example sum to 1. The outputs must be softmax(z).
 */
export function categoricalCrossentropy(tf: TensorFlow, { logits, outputs, targets }: Prediction): Loss {
  return {
    sum: targets.mul(tf.logSoftmax(logits)).sum().neg() as Scalar,
    gradient: () => outputs.sub(targets),
  };
}
