import type { Activation, LossPlan } from "@sintonia/tuning/plan/training-plan";
import type { Tensor1D, Tensor2D, TensorFlow } from "../../tensorflow/tensorflow.js";
import { activate } from "../layer/activations.js";
import { binaryCrossentropy } from "./binary-crossentropy.js";
import { categoricalCrossentropy } from "./categorical-crossentropy.js";
import type { Loss, Prediction } from "./loss.js";
import { meanAbsoluteError, meanSquaredError } from "./mean-error.js";

/** Computes the loss of a prediction: the engine's table of losses. */
export function computeLoss(tf: TensorFlow, { type }: LossPlan, prediction: Prediction): Loss {
  switch (type) {
    case "categorical_crossentropy":
    case "sparse_categorical_crossentropy":
      return categoricalCrossentropy(tf, prediction);
    case "binary_crossentropy":
      return binaryCrossentropy(tf, prediction);
    case "mean_squared_error":
      return meanSquaredError(tf, prediction);
    case "mean_absolute_error":
      return meanAbsoluteError(tf, prediction);
  }
}

/** Computes outputs from logits, and targets from labels. */
export function predict(
  tf: TensorFlow,
  loss: LossPlan,
  batch: { readonly logits: Tensor2D; readonly activation: Activation; readonly labels: Tensor1D },
): Prediction {
  const { logits, activation, labels } = batch;
  const outputs = activate(tf, activation, logits);
  return { logits, outputs, activation, targets: targetsOf(tf, loss, { labels, classes: logits.shape[1] }) };
}

/**
 * Computes smoothed one-hot targets as Keras does: t (1 - s) + s / n, where s is the smoothing and
 * n the number of choices among which s is spread. The choices are all classes; for binary
 * cross-entropy, the two values of one output.
 */
function targetsOf(
  tf: TensorFlow,
  { type, labelSmoothing }: LossPlan,
  { labels, classes }: { readonly labels: Tensor1D; readonly classes: number },
): Tensor2D {
  const oneHot = tf.oneHot(labels, classes).toFloat() as Tensor2D;
  if (labelSmoothing === 0) return oneHot;
  const choices = type === "binary_crossentropy" ? 2 : classes;
  return oneHot.mul(1 - labelSmoothing).add(labelSmoothing / choices);
}
