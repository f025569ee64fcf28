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

/**
 * Computes the mean over the outputs of Huber's loss for each example. With e = y - t and
 * c = min(max(e, -delta), delta), the loss is c (e - c / 2) and its derivative c.
 */
export function huber(tf: TensorFlow, prediction: Prediction, delta: number): Loss {
  const [, width] = prediction.logits.shape;
  const errors = errorsOf(prediction);
  const clipped = errors.clipByValue(-delta, delta);
  const sizes = clipped.mul(errors.sub(clipped.mul(0.5))) as Tensor2D;
  return {
    sum: weighted(sizes, prediction).sum().div(width) as Scalar,
    gradient: () => gradientAtLogits(tf, prediction, clipped.div(width)),
  };
}

function errorsOf({ outputs, targets }: Prediction): Tensor2D {
  return outputs.sub(targets);
}

/** @param delta - gradient at the outputs */
function gradientAtLogits(tf: TensorFlow, { logits, outputs, activation }: Prediction, delta: Tensor2D): Tensor2D {
  return activationGradient(tf, activation, { inputs: logits, outputs, delta });
}
