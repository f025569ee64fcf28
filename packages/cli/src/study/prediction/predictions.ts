import type { NewRows } from "@sintonia/data/dataset/prepare-new-rows";
import type { Preparation } from "@sintonia/data/preparation/preparation";
import type { Outputs } from "@sintonia/training/model-file/outputs";
import { csvRecord } from "../documents/csv.js";

/** The predictions of a model for the rows of a file. */
export interface Predictions {
  readonly preparation: Preparation;
  readonly rows: NewRows["rows"];
  readonly outputs: Outputs;
}

/** The prediction of one row. */
export interface RowPrediction {
  /** Number of the row in its file, from 1, without the header. */
  readonly row: number;
  /** Predicted class, or the predicted number of each target. */
  readonly prediction: string | Readonly<Record<string, number>>;
  /** Probability of each class; only of a classification. */
  readonly probabilities?: Readonly<Record<string, number>>;
}

/** Yields the prediction of each row. */
export function* rowPredictions({ preparation, rows, outputs }: Predictions): Generator<RowPrediction> {
  const { values, width } = outputs;
  for (const [index, row] of rows.entries()) {
    const output = values.subarray(index * width, (index + 1) * width);
    yield { row: row + 1, ...predicted(preparation, output) };
  }
}

/** Yields the records of a table, the header first. */
export function* predictionRecords(predictions: Predictions): Generator<string> {
  const { targets, classes } = predictions.preparation;
  yield csvRecord(["row", ...(classes === undefined ? targets : [...targets, ...classes.map((name) => `p(${name})`)])]);
  for (const { row, prediction, probabilities = {} } of rowPredictions(predictions)) {
    const values = typeof prediction === "string" ? [prediction] : Object.values(prediction);
    yield csvRecord([row, ...values, ...Object.values(probabilities)]);
  }
}

function predicted({ classes, targets }: Preparation, output: Float32Array): Omit<RowPrediction, "row"> {
  if (classes === undefined) return { prediction: named(targets, output) };
  // One sigmoid unit is the probability of the second of two classes.
  const [first = 0] = output;
  const shares = output.length === 1 ? Float32Array.of(1 - first, first) : output;
  const best = shares.reduce((top, share, index) => (share > (shares[top] as number) ? index : top), 0);
  return { prediction: classes[best] ?? "", probabilities: named(classes, shares) };
}

function named(names: readonly string[], values: Float32Array): Record<string, number> {
  return Object.fromEntries(names.map((name, index) => [name, values[index] ?? Number.NaN]));
}
