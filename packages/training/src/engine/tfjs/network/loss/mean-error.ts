import type { Scalar, Tensor2D, TensorFlow } from "../../tensorflow/tensorflow.js";
import { activationGradient } from "../layer/activations.js";
import { type Loss, type Prediction, weighted } from "./loss.js";

/** Computes the mean over the outputs of (y - t)^2 for each example. */
export function meanSquaredError(tf: TensorFlow, prediction: Prediction): Loss {
  const [, width] = prediction.logits.shape;
  const errors = errorsOf(prediction);
  return {
    sum: weighted(errors.square(), prediction).sum().div(width) as Scalar,
    gradient: () => gradientAtLogits(tf, prediction, errors.mul(2 / width)),
  };
}

/**
 * Computes the mean over the outputs of |y - t| for each example. The derivative of |x| at 0 is 0.
 */
export function meanAbsoluteError(tf: TensorFlow, prediction: Prediction): Loss {
  const [, width] = prediction.logits.shape;
  const errors = errorsOf(prediction);
  return {
    sum: weighted(errors.abs(), prediction).sum().div(width) as Scalar,
    gradient: () => gradientAtLogits(tf, prediction, errors.sign().div(width)),
  };
}

function errorsOf({ outputs, targets }: Prediction): Tensor2D {
  return outputs.sub(targets);
}

/** @param delta - gradient at the outputs */
function gradientAtLogits(tf: TensorFlow, { logits, outputs, activation }: Prediction, delta: Tensor2D): Tensor2D {
  return activationGradient(tf, activation, { inputs: logits, outputs, delta });
}
