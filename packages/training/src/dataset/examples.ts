import type { RowRange } from "@sintonia/tuning/plan/training-plan";
import { DataSetError } from "./data-set-error.js";

/** Examples in the form that engines read. */
export interface Examples {
  /** Number of rows. */
  readonly count: number;
  /** Number of features of one row. */
  readonly features: number;
  /** Shape (count, features), row-major, finite float32. */
  readonly inputs: Float32Array;
  readonly targets: Targets;
  /**
   * Weight of each row in the loss, shape (count,), at least 0, mean 1. Absent if all rows weigh
   * the same.
   */
  readonly weights?: Float32Array;
}

/** The expected outputs of all rows. */
export type Targets = ClassTargets | ValueTargets;

/** A class for each row. */
export interface ClassTargets {
  readonly kind: "classes";
  /** Class of each row, from 0 to `classes` - 1, shape (count,). */
  readonly labels: Uint8Array | Uint16Array;
  /** Number of classes. */
  readonly classes: number;
  /** Names of the classes, for messages. Absent if they have none. */
  readonly names?: readonly string[];
}

/** One or more numbers for each row. */
export interface ValueTargets {
  readonly kind: "values";
  /** Shape (count, width), row-major, finite float32. */
  readonly values: Float32Array;
  /** Numbers of one row, at least 1. */
  readonly width: number;
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
  const { features, inputs, targets, weights } = examples;
  return {
    count: end - start,
    features,
    inputs: inputs.subarray(start * features, end * features),
    targets: targetRows(targets, start, end),
    ...(weights === undefined ? {} : { weights: weights.subarray(start, end) }),
  };
}

/** Returns the targets of rows [start, end) as a view of the same memory. */
export function targetRows(targets: Targets, start: number, end: number): Targets {
  if (targets.kind === "classes") return { ...targets, labels: targets.labels.subarray(start, end) };
  return { ...targets, values: targets.values.subarray(start * targets.width, end * targets.width) };
}

/**
 * Returns the classes of all rows.
 *
 * @throws {RangeError} if the targets are values
 */
export function labelsOf({ targets }: Examples): ClassTargets["labels"] {
  if (targets.kind === "classes") return targets.labels;
  throw new RangeError("the targets are values, not classes");
}
