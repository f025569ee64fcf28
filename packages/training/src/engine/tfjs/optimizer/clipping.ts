import type { OptimizerPlan } from "@sintonia/tuning/plan/training-plan";
import type { NamedTensors, Scalar, Tensor, TensorFlow } from "../tensorflow/tensorflow.js";

/** Scales gradients down to the norm that a plan allows, each by itself or all together. */
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
  // As in tf.clip_by_global_norm an infinite norm makes every gradient NaN: the difference is NaN, and 0 else.
  const scale = scaleDown(tf, total, globalClipNorm).add(total.sub(total));
  return mapped(gradients, (gradient) => gradient.mul(scale));
}

/** Exactly 1 where the norm is within the limit. */
function scaleDown(tf: TensorFlow, length: Scalar, limit: number): Scalar {
  return tf.scalar(limit).div(length.maximum(limit));
}

function norm(tensor: Tensor): Scalar {
  return tensor.square().sum().sqrt() as Scalar;
}

function mapped(gradients: NamedTensors, change: (gradient: Tensor) => Tensor): NamedTensors {
  return Object.fromEntries(Object.entries(gradients).map(([name, gradient]) => [name, change(gradient)]));
}
