import type { RowRange } from "@sintonia/tuning/plan/training-plan";
import { DataSetError } from "./data-set-error.js";

/** Examples in the form that engines read. */
export interface Examples {
  /** Number of rows. */
  readonly count: number;
  /** Number of features of one row. */
  readonly features: number;
  /** Shape (count, features), row-major, float32 in [0, 1]. */
  readonly inputs: Float32Array;
  /** Class of each row, shape (count,). */
  readonly labels: Uint8Array;
}

/**
 * Returns a range of rows as views of the same memory.
 *
 * @param name - name of the data set, for the error
 * @throws {DataSetError} `rows`, if the range is empty or outside the examples
 */
export function rowsOf(examples: Examples, [start, end]: RowRange, name: string): Examples {
  const whole = Number.isInteger(start) && Number.isInteger(end);
  if (!whole || start < 0 || end <= start || end > examples.count) {
    const found = `rows [${start}, ${end})`;
    throw new DataSetError("rows", `${name}: expected a range of rows inside [0, ${examples.count}), found ${found}.`);
  }
  const { features, inputs, labels } = examples;
  return {
    count: end - start,
    features,
    inputs: inputs.subarray(start * features, end * features),
    labels: labels.subarray(start, end),
  };
}
