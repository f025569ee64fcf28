import type { Regularizer } from "@sintonia/tuning/plan/training-plan";
import type { ModelShape } from "../../../model/model-shape.js";
import { type NamedTensors, type Scalar, type Tensor, type TensorFlow, tensorNamed } from "../tensorflow/tensorflow.js";

/** The penalty of one dense layer's kernel w: l1 sum |w| + l2 sum w^2. */
export interface Penalty {
  /** Name of the kernel. */
  readonly name: string;
  readonly regularizer: Regularizer;
}

/** Lists the penalties of a model. */
export function penaltiesOf({ layers }: ModelShape): Penalty[] {
  return layers.flatMap((layer) => {
    if (layer.type !== "Dense" || layer.kernelRegularizer === undefined) return [];
    return [{ name: layer.kernel.name, regularizer: layer.kernelRegularizer }];
  });
}

/** Computes the sum of all penalties. */
export function penaltySum(tf: TensorFlow, penalties: readonly Penalty[], weights: NamedTensors): Scalar {
  const terms = penalties.flatMap(({ name, regularizer: { l1, l2 } }) => {
    const kernel = tensorNamed(weights, name);
    return [...(l1 === 0 ? [] : [kernel.abs().sum().mul(l1)]), ...(l2 === 0 ? [] : [kernel.square().sum().mul(l2)])];
  });
  return terms.length === 0 ? tf.scalar(0) : (tf.addN(terms) as Scalar);
}

/** Adds the gradients of the penalties, l1 sign(w) + 2 l2 w, to those of the loss. */
export function withPenalties(
  penalties: readonly Penalty[],
  gradients: NamedTensors,
  weights: NamedTensors,
): NamedTensors {
  const changed = penalties.map(({ name, regularizer }) => {
    const gradient = tensorNamed(gradients, name);
    return [name, withPenalty(gradient, tensorNamed(weights, name), regularizer)] as const;
  });
  return { ...gradients, ...Object.fromEntries(changed) };
}

function withPenalty(gradient: Tensor, kernel: Tensor, { l1, l2 }: Regularizer): Tensor {
  const first = l1 === 0 ? gradient : gradient.add(kernel.sign().mul(l1));
  return l2 === 0 ? first : first.add(kernel.mul(2 * l2));
}
