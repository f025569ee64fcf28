import type { Targets } from "../../dataset/examples.js";

// Notation of the metrics, over the rows i of a set:
//
//   w   weights of the rows: 1 each, or the times that a resample has drawn them
//   t   targets: a class or values
//   y   outputs of the model, after the activation of the last layer
//
// Definitions are those of sklearn.metrics 1.9 with sample_weight = w. Of two classes, class 1 is
// the positive one. Metrics of more classes are means over the classes, one against the rest
// (average="macro").

/** The targets of a set and the outputs of a model for its rows. */
export interface Predictions {
  readonly targets: Targets;
  /** Shape (count, width), row-major. */
  readonly outputs: Float32Array;
  /** Number of outputs of a row. One output for two classes is the probability of class 1. */
  readonly width: number;
}

/** Weights of rows, shape (count,), at least 0, not all 0. */
export type RowWeights = ArrayLike<number>;

/**
 * Prepares a metric of predictions. The result computes the value for any weights of the rows:
 * work that does not depend on the weights, such as sorting, is done once.
 *
 * The value is NaN where the metric is undefined.
 */
export type Metric = (predictions: Predictions) => (weights: RowWeights) => number;

/** Returns the number of rows. */
export function rowCount({ outputs, width }: Predictions): number {
  return outputs.length / width;
}

/** Computes the weighted mean of one number for each row. */
export function weightedMean(values: ArrayLike<number>, weights: RowWeights): number {
  let [sum, total] = [0, 0];
  for (let row = 0; row < values.length; row++) {
    const weight = weights[row] as number;
    sum += weight * (values[row] as number);
    total += weight;
  }
  return sum / total;
}

/** Computes the mean of numbers; NaN if there are none. */
export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
