import type { LossPlan } from "@sintonia/tuning/plan/training-plan";
import { mean, sum } from "./layer.fixture.js";

/** The loss of one example. */
export interface ExampleLoss {
  readonly loss: number;
  /** Gradient of the loss at each output. */
  readonly gradients: number[];
}

/**
 * Computes one of Keras' losses from outputs after the activation. Probabilities are not clipped.
 */
export function exampleLoss(
  { type, labelSmoothing, delta = 1 }: LossPlan,
  outputs: readonly number[],
  target: readonly number[],
): ExampleLoss {
  const width = outputs.length;
  switch (type) {
    case "categorical_crossentropy":
    case "sparse_categorical_crossentropy":
      return crossEntropy(outputs, smoothed(target, labelSmoothing, width));
    case "binary_crossentropy":
      return binaryCrossEntropy(outputs, smoothed(target, labelSmoothing, 2));
    case "mean_squared_error":
      return {
        loss: mean(outputs.map((y, unit) => (y - (target[unit] as number)) ** 2)),
        gradients: outputs.map((y, unit) => (2 * (y - (target[unit] as number))) / width),
      };
    case "mean_absolute_error":
      return {
        loss: mean(outputs.map((y, unit) => Math.abs(y - (target[unit] as number)))),
        gradients: outputs.map((y, unit) => Math.sign(y - (target[unit] as number)) / width),
      };
    case "huber":
      return huber(
        outputs.map((y, unit) => y - (target[unit] as number)),
        delta,
      );
  }
}

function huber(errors: readonly number[], delta: number): ExampleLoss {
  const isSmall = (error: number) => Math.abs(error) <= delta;
  const losses = errors.map((e) => (isSmall(e) ? 0.5 * e ** 2 : delta * Math.abs(e) - 0.5 * delta ** 2));
  const slopes = errors.map((e) => (isSmall(e) ? e : delta * Math.sign(e)));
  return { loss: mean(losses), gradients: slopes.map((slope) => slope / errors.length) };
}

/** Computes smoothed targets, t (1 - share) + share / choices. */
function smoothed(target: readonly number[], share: number, choices: number): number[] {
  return target.map((t) => t * (1 - share) + share / choices);
}

function crossEntropy(outputs: readonly number[], target: readonly number[]): ExampleLoss {
  const terms = outputs.map((p, unit) => (target[unit] === 0 ? 0 : -(target[unit] as number) * Math.log(p)));
  return { loss: sum(terms), gradients: outputs.map((p, unit) => -(target[unit] as number) / p) };
}

function binaryCrossEntropy(outputs: readonly number[], target: readonly number[]): ExampleLoss {
  const terms = outputs.map((p, unit) => {
    const t = target[unit] as number;
    return -t * Math.log(p) - (1 - t) * Math.log(1 - p);
  });
  const gradients = outputs.map((p, unit) => (p - (target[unit] as number)) / (p * (1 - p)) / outputs.length);
  return { loss: mean(terms), gradients };
}
