import type { Scalar, Tensor2D, TensorFlow } from "../../tensorflow/tensorflow.js";
import { activationGradient } from "../layer/activations.js";
import type { Loss, Prediction } from "./loss.js";

/** Computes the mean over the classes of (y - t)^2 for each example. */
export function meanSquaredError(tf: TensorFlow, prediction: Prediction): Loss {
  const [, classes] = prediction.logits.shape;
  const errors = errorsOf(prediction);
  return {
    sum: errors.square().sum().div(classes) as Scalar,
    gradient: () => gradientAtLogits(tf, prediction, errors.mul(2 / classes)),
  };
}

/**
 * Computes the mean over the classes of |y - t| for each example. The derivative of |x| at 0 is 0.
 */
export function meanAbsoluteError(tf: TensorFlow, prediction: Prediction): Loss {
  const [, classes] = prediction.logits.shape;
  const errors = errorsOf(prediction);
  return {
    sum: errors.abs().sum().div(classes) as Scalar,
    gradient: () => gradientAtLogits(tf, prediction, errors.sign().div(classes)),
  };
}

function errorsOf({ outputs, targets }: Prediction): Tensor2D {
  return outputs.sub(targets);
}

/** @param delta - gradient at the outputs */
function gradientAtLogits(tf: TensorFlow, { logits, outputs, activation }: Prediction, delta: Tensor2D): Tensor2D {
  return activationGradient(tf, activation, { inputs: logits, outputs, delta });
}
