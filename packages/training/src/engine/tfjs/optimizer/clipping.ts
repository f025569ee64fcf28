import type { OptimizerPlan } from "@sintonia/tuning/plan/training-plan";
import type { NamedTensors, Scalar, Tensor, TensorFlow } from "../tensorflow/tensorflow.js";

/**
 * Scales gradients down to the plan's largest norm: of each tensor (`clipNorm`) or of all tensors
 * together (`globalClipNorm`).
 */
export function clipped(
  tf: TensorFlow,
  gradients: NamedTensors,
  { clipNorm, globalClipNorm }: Pick<OptimizerPlan, "clipNorm" | "globalClipNorm">,
): NamedTensors {
  if (clipNorm !== undefined) {
    return mapped(gradients, (gradient) => gradient.mul(scaleDown(tf, norm(gradient), clipNorm)));
  }
  if (globalClipNorm === undefined) return gradients;
  const total = norm(tf.stack(Object.values(gradients).map(norm)));
  // total - total is 0, or NaN for an infinite norm, which makes every gradient NaN as in
  // tf.clip_by_global_norm.
  const scale = scaleDown(tf, total, globalClipNorm).add(total.sub(total));
  return mapped(gradients, (gradient) => gradient.mul(scale));
}

/** Computes limit / max(norm, limit): exactly 1 for a norm within the limit. */
function scaleDown(tf: TensorFlow, length: Scalar, limit: number): Scalar {
  return tf.scalar(limit).div(length.maximum(limit));
}

function norm(tensor: Tensor): Scalar {
  return tensor.square().sum().sqrt() as Scalar;
}

function mapped(gradients: NamedTensors, change: (gradient: Tensor) => Tensor): NamedTensors {
  return Object.fromEntries(Object.entries(gradients).map(([name, gradient]) => [name, change(gradient)]));
}
