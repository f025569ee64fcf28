// The preparation of a data set: what turns raw columns into the features of a model. It goes out
// with the model as `preparation.json`.

import type { MissingRule } from "@sintonia/tuning/plan/data-set/file-data-set";

/** The version of the form of `Preparation`. */
export const PREPARATION_VERSION = 1;

/** How raw columns become features, and outputs become predictions. */
export interface Preparation {
  readonly version: typeof PREPARATION_VERSION;
  readonly task: "classification" | "regression";
  /** Columns in the order of their features. */
  readonly columns: readonly PreparedColumn[];
  /** Number of features: the sum over the columns. */
  readonly features: number;
  /** Names of the target columns; of an array, with the index of each value. */
  readonly targets: readonly string[];
  /** Only of a classification: the text of each class, in the order of the outputs. */
  readonly classes?: readonly string[];
  /** Absent if a missing value is an error. */
  readonly missing?: MissingRule;
}

/** How one column becomes features. */
export type PreparedColumn = PreparedNumbers | PreparedBoolean | PreparedCategories;

/** Numbers: (value - mean) / deviation for each of `width` values. */
export interface PreparedNumbers {
  readonly type: "numeric";
  readonly name: string;
  /** Values of a row: 1 for a column, more for an array. */
  readonly width: number;
  /** Shape (width,); 0 without standardization. */
  readonly mean: readonly number[];
  /** Shape (width,), above 0; 1 without standardization and for constant columns. */
  readonly deviation: readonly number[];
  /** Shape (width,): the value that a missing one takes. Absent if a missing value is an error. */
  readonly fill?: readonly number[];
  /** True if a last feature is 1 where a value of the row is missing, else 0. */
  readonly indicator: boolean;
}

/** A boolean: 0 or 1. */
export interface PreparedBoolean {
  readonly type: "boolean";
  readonly name: string;
  /** True if a second feature is 1 where the value is missing, else 0. The first is 0 there. */
  readonly missing: boolean;
}

/**
 * A categorical column, one-hot: a feature for each category, one for categories that the training
 * rows do not have, and one for missing values if `missing` is true.
 */
export interface PreparedCategories {
  readonly type: "categorical";
  readonly name: string;
  /** Sorted by code units. */
  readonly categories: readonly string[];
  readonly missing: boolean;
}

/** Returns the number of features of a column. */
export function featureCount(column: PreparedColumn): number {
  switch (column.type) {
    case "numeric":
      return column.width + (column.indicator ? 1 : 0);
    case "boolean":
      return column.missing ? 2 : 1;
    case "categorical":
      return column.categories.length + (column.missing ? 2 : 1);
  }
}

/** Returns the names of the features, such as `color=red`, in their order. */
export function featureNames({ columns }: Preparation): string[] {
  return columns.flatMap(namesOfColumn);
}

function namesOfColumn(column: PreparedColumn): string[] {
  const { name } = column;
  const missing = (column.type === "numeric" ? column.indicator : column.missing) ? [`${name}=(missing)`] : [];
  if (column.type === "boolean") return [name, ...missing];
  if (column.type === "categorical") {
    return [...column.categories.map((category) => `${name}=${category}`), `${name}=(unknown)`, ...missing];
  }
  if (column.width === 1) return [name, ...missing];
  return [...Array.from({ length: column.width }, (_, index) => `${name}[${index}]`), ...missing];
}
