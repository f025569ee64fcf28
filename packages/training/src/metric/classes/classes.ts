import type { ClassTargets } from "../../dataset/examples.js";
import { type Predictions, type RowWeights, rowCount } from "../contract/metric.js";

/** Sums of row weights for each class. */
export interface ClassSums {
  /** Rows of the class. */
  readonly actual: Float64Array;
  /** Rows that the model takes for the class. */
  readonly predicted: Float64Array;
  /** Rows of the class that the model takes for it. */
  readonly right: Float64Array;
}

/** @throws {RangeError} if the targets are values */
export function classTargets({ targets }: Predictions): ClassTargets {
  if (targets.kind === "classes") return targets;
  throw new RangeError("a metric of classes needs targets that are classes");
}

/** Returns the number of classes that targets and outputs name, at least 2. */
export function classCount(predictions: Predictions): number {
  return Math.max(2, predictions.width, classTargets(predictions).classes);
}

/**
 * Returns the class that the model predicts for each row: the largest output, of equal ones the
 * first; or class 1 where the only output is above 1/2.
 */
export function predictedClasses(predictions: Predictions): Uint32Array {
  const { outputs, width } = predictions;
  return Uint32Array.from({ length: rowCount(predictions) }, (_, row) => {
    if (width === 1) return (outputs[row] as number) > 0.5 ? 1 : 0;
    return largestOf(outputs, row * width, width);
  });
}

/** Prepares the sums of weights by class. */
export function classSums(predictions: Predictions): (weights: RowWeights) => ClassSums {
  const { labels } = classTargets(predictions);
  const guesses = predictedClasses(predictions);
  const classes = classCount(predictions);
  return (weights) => {
    const [actual, predicted, right] = [0, 0, 0].map(() => new Float64Array(classes)) as Columns;
    for (let row = 0; row < labels.length; row++) {
      const [label, guess, weight] = [labels[row] as number, guesses[row] as number, weights[row] as number];
      actual[label] = (actual[label] as number) + weight;
      predicted[guess] = (predicted[guess] as number) + weight;
      if (label === guess) right[label] = (right[label] as number) + weight;
    }
    return { actual, predicted, right };
  };
}

type Columns = [Float64Array, Float64Array, Float64Array];

/**
 * Averages a score of one class: that of class 1 of two, or the mean over the classes that occur
 * among targets or predictions.
 */
export function averageScore(
  predictions: Predictions,
  score: (sums: ClassSums, of: number) => number,
): (weights: RowWeights) => number {
  const sumsOf = classSums(predictions);
  const isBinary = classTargets(predictions).classes === 2;
  return (weights) => {
    const sums = sumsOf(weights);
    if (isBinary) return score(sums, 1);
    let [total, classes] = [0, 0];
    for (let of = 0; of < sums.actual.length; of++) {
      if (sums.actual[of] === 0 && sums.predicted[of] === 0) continue;
      total += score(sums, of);
      classes++;
    }
    return total / classes;
  };
}

/** Returns part / whole; 0 if the whole is 0, as scikit-learn's `zero_division` does by default. */
export function ratio(part: number | undefined, whole: number | undefined): number {
  return whole === 0 ? 0 : (part as number) / (whole as number);
}

function largestOf(values: Float32Array, start: number, length: number): number {
  let best = 0;
  for (let index = 1; index < length; index++) {
    if ((values[start + index] as number) > (values[start + best] as number)) best = index;
  }
  return best;
}
