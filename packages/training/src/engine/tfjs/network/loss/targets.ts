import type { LossPlan } from "@sintonia/tuning/plan/training-plan";
import type { TargetForm } from "../../../../model/example-form.js";
import type { Scalar, Tensor1D, Tensor2D, TensorFlow } from "../../tensorflow/tensorflow.js";

/** The targets of one batch: labels, int32, shape (batch,); or values, shape (batch, width). */
export type TargetTensor = Tensor1D | Tensor2D;

/**
 * Computes smoothed targets as Keras does: t (1 - s) + s / n, where s is the smoothing and n the
 * number of choices among which s is spread. The choices are all classes; for binary
 * cross-entropy, the two values of one output.
 */
export function smoothedTargets(
  tf: TensorFlow,
  { type, labelSmoothing }: LossPlan,
  batch: { readonly form: TargetForm; readonly targets: TargetTensor; readonly width: number },
): Tensor2D {
  const targets = floatTargets(tf, batch);
  if (labelSmoothing === 0) return targets;
  const choices = type === "binary_crossentropy" ? 2 : batch.width;
  return targets.mul(1 - labelSmoothing).add(labelSmoothing / choices);
}

/**
 * Counts the correct examples: those whose largest output is at the label, of equal outputs the
 * first; or whose only output is above 1/2 for class 1. Returns 0 for values.
 */
export function countCorrect(
  tf: TensorFlow,
  { form, targets, outputs }: { readonly form: TargetForm; readonly targets: TargetTensor; readonly outputs: Tensor2D },
): Scalar {
  if (form === "values") return tf.scalar(0);
  const classes = form === "binary" ? outputs.greater(0.5).toInt().as1D() : outputs.argMax(1);
  return classes.equal(targets).sum().toFloat() as Scalar;
}

function floatTargets(
  tf: TensorFlow,
  { form, targets, width }: { readonly form: TargetForm; readonly targets: TargetTensor; readonly width: number },
): Tensor2D {
  switch (form) {
    case "one-hot":
      return tf.oneHot(targets as Tensor1D, width).toFloat() as Tensor2D;
    case "binary":
      return targets.toFloat().as2D(targets.size, 1);
    case "values":
      return targets as Tensor2D;
  }
}
