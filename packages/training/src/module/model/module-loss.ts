import type { LossPlan } from "@sintonia/tuning/plan/training-plan";
import type { LayersModel } from "@tensorflow/tfjs";
import type { Tensor1D, Tensor2D, TensorFlow } from "../../engine/tfjs/tensorflow/tensorflow.js";

/** Smallest probability whose logarithm is taken, Keras' `epsilon()`. */
const EPSILON = 1e-7;

/** Our names of the losses with which a module may compile its model. */
const COMPILED: Readonly<Record<string, LossPlan["type"]>> = {
  categoricalCrossentropy: "categorical_crossentropy",
  sparseCategoricalCrossentropy: "sparse_categorical_crossentropy",
  binaryCrossentropy: "binary_crossentropy",
  meanSquaredError: "mean_squared_error",
  meanAbsoluteError: "mean_absolute_error",
};

/** The names of the losses with which a module may compile its model. */
export const COMPILED_LOSSES: readonly string[] = Object.keys(COMPILED);

/** Returns the loss of a compiled model; undefined for a model without a known one. */
export function compiledLoss({ loss }: LayersModel): LossPlan | undefined {
  const given: unknown = Array.isArray(loss) && loss.length === 1 ? loss[0] : loss;
  if (typeof given !== "string" || !Object.hasOwn(COMPILED, given)) return undefined;
  return { type: COMPILED[given] as LossPlan["type"], labelSmoothing: 0 };
}

/**
 * Computes the loss of each row from outputs after the last activation, shape (batch,), so that
 * tfjs can derive it.
 *
 * @param batch - outputs y and targets t of shape (batch, width)
 */
export function rowLosses(
  tf: TensorFlow,
  { type, delta = 1 }: LossPlan,
  { outputs, targets }: { readonly outputs: Tensor2D; readonly targets: Tensor2D },
): Tensor1D {
  switch (type) {
    case "categorical_crossentropy":
    case "sparse_categorical_crossentropy": {
      const shares = outputs.div(outputs.sum(1, true));
      return targets.mul(logarithm(shares)).sum(1).neg() as Tensor1D;
    }
    case "binary_crossentropy": {
      const ones = targets.mul(logarithm(outputs));
      const zeros = tf.sub(1, targets).mul(logarithm(tf.sub(1, outputs)));
      return ones.add(zeros).mean(1).neg() as Tensor1D;
    }
    case "mean_squared_error":
      return outputs.sub(targets).square().mean(1) as Tensor1D;
    case "mean_absolute_error":
      return outputs.sub(targets).abs().mean(1) as Tensor1D;
    case "huber": {
      const errors = outputs.sub(targets);
      const clipped = errors.clipByValue(-delta, delta);
      return clipped.mul(errors.sub(clipped.mul(0.5))).mean(1) as Tensor1D;
    }
  }
}

function logarithm(probabilities: ReturnType<Tensor2D["div"]>) {
  return probabilities.clipByValue(EPSILON, 1 - EPSILON).log();
}

/** Returns what outputs violate that a loss takes for probabilities; undefined if they fit. */
export function outputFault({ type }: LossPlan, outputs: Float32Array, width: number): string | undefined {
  const isCategorical = type === "categorical_crossentropy" || type === "sparse_categorical_crossentropy";
  if (!isCategorical && type !== "binary_crossentropy") return undefined;
  if (!outputs.every(Number.isFinite)) return undefined;
  const wrong = outputs.find((value) => value < 0 || value > 1);
  const advice = isCategorical ? "end the model with a softmax" : "end the model with a sigmoid";
  if (wrong !== undefined) return `outputs such as ${wrong}, where ${type} needs probabilities; ${advice}`;
  if (!isCategorical) return undefined;
  const sum = outputs.subarray(0, width).reduce((total, value) => total + value, 0);
  if (Math.abs(sum - 1) < 1e-3) return undefined;
  return `outputs that sum to ${sum.toPrecision(3)}, where ${type} needs probabilities of all classes; ${advice}`;
}
