import type { Activation } from "@sintonia/tuning/plan/training-plan";
import type { Scalar, Tensor2D } from "../../tensorflow/tensorflow.js";

// Notation of the losses, all of shape (batch, width):
//
//   z   logits: outputs of the last layer before its activation
//   y   outputs, y = activation(z)
//   t   targets
//
// Cross-entropies are computed from z: the logarithm of a y that rounds to 0 would be infinite.

/** The outputs of a model for one batch, with their targets. */
export interface Prediction {
  readonly logits: Tensor2D;
  readonly outputs: Tensor2D;
  readonly activation: Activation;
  readonly targets: Tensor2D;
  /** Weights of the examples, shape (batch, 1); absent if all weigh 1. */
  readonly weights?: Tensor2D | undefined;
}

/** The loss of one batch. */
export interface Loss {
  /** Weighted sum of the losses of all examples. */
  readonly sum: Scalar;
  /** Computes the gradient of `sum` at the logits. */
  gradient(): Tensor2D;
}

/** Multiplies each row by the weight of its example. */
export function weighted(rows: Tensor2D, { weights }: Prediction): Tensor2D {
  return weights === undefined ? rows : rows.mul(weights);
}
