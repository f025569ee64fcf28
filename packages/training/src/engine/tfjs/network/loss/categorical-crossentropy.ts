import type { Scalar, TensorFlow } from "../../tensorflow/tensorflow.js";
import { type Loss, type Prediction, weighted } from "./loss.js";

/**
 * Computes categorical cross-entropy, -sum t log(softmax(z)) for each example. Its gradient at z
 * is y - t, because the targets of an example sum to 1. The outputs must be softmax(z).
 */
export function categoricalCrossentropy(tf: TensorFlow, prediction: Prediction): Loss {
  const { logits, outputs, targets } = prediction;
  return {
    sum: weighted(targets.mul(tf.logSoftmax(logits)), prediction)
      .sum()
      .neg() as Scalar,
    gradient: () => outputs.sub(targets),
  };
}
