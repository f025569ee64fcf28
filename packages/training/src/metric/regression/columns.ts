import type { ValueTargets } from "../../dataset/examples.js";
import { mean, type Predictions, type RowWeights, rowCount, weightedMean } from "../contract/metric.js";

/** @throws {RangeError} if the targets are classes */
export function valueTargets({ targets }: Predictions): ValueTargets {
  if (targets.kind === "values") return targets;
  throw new RangeError("a metric of values needs targets that are values");
}

/** Returns the columns of the targets and of the outputs, one pair for each target. */
export function columnPairs(
  predictions: Predictions,
): { readonly targets: Float64Array; readonly outputs: Float64Array }[] {
  const { values, width } = valueTargets(predictions);
  const rows = rowCount(predictions);
  const columnOf = (numbers: Float32Array, column: number) =>
    Float64Array.from({ length: rows }, (_, row) => numbers[row * width + column] as number);
  return Array.from({ length: width }, (_, column) => {
    return { targets: columnOf(values, column), outputs: columnOf(predictions.outputs, column) };
  });
}

/**
 * Prepares the mean over the targets of a function of each target's mean error
 * (multioutput="uniform_average").
 *
 * @param error - error of one output
 * @param finish - applied to the mean error of one target. @default unchanged
 */
export function meanError(
  predictions: Predictions,
  error: (target: number, output: number) => number,
  finish = (mean: number): number => mean,
): (weights: RowWeights) => number {
  const errors = columnPairs(predictions).map(({ targets, outputs }) => {
    return targets.map((target, row) => error(target, outputs[row] as number));
  });
  return (weights) => mean(errors.map((column) => finish(weightedMean(column, weights))));
}
