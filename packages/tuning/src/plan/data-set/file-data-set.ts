// A data set of the user's own files. Types of columns, categories, means and the rows of each
// split are a function of this part of the plan and of the bytes of the files.

import { nameInFolder, withoutChecksum } from "../file/file-address.js";

/** The formats of data files. */
export const FILE_FORMATS = ["csv", "tsv", "jsonl", "parquet", "npy", "npz", "idx"] as const;

/** The format of a data file. */
export type FileFormat = (typeof FILE_FORMATS)[number];

/** The types of columns. A categorical column is one-hot, with a place for unknown categories. */
export const COLUMN_TYPES = ["numeric", "boolean", "categorical"] as const;

/** The type of a column. */
export type ColumnType = (typeof COLUMN_TYPES)[number];

/**
 * The rules for missing values:
 *
 * - `mean`, `median`: numeric columns take this value of the training rows. In other columns
 *   "missing" is a category
 * - `category`: as `mean`, and a numeric column has a second feature, 1 where the value is missing
 * - `drop-row`: rows with a missing value are left out
 */
export const MISSING_RULES = ["mean", "median", "category", "drop-row"] as const;

/** A rule for missing values. */
export type MissingRule = (typeof MISSING_RULES)[number];

/** The content of a file by hash and size. */
export interface DataFileRef {
  /** 64 lower-case hexadecimal digits. */
  readonly sha256: string;
  readonly sizeBytes: number;
  /** Address from which trainers read the file. @default its path, if that is an address */
  readonly source?: string;
}

/**
 * The rules that divide the rows of `path`, or those of `train` where the plan names no file for
 * validation or test.
 */
export interface SplitPlan {
  /** Share of the rows; 0 for none. @default 0.15, without `folds` */
  readonly validation?: number;
  /** Share of the rows, above 0: the best model of a study is tested. @default 0.15 */
  readonly test?: number;
  /**
   * Number of parts of the rows that are not for the test. Each part serves once for validation, in
   * an execution of its own. With `time`, each part but the earliest serves, and earlier parts
   * train. Excludes `validation`.
   */
  readonly folds?: number;
  /**
   * True gives each class the same shares in all splits.
   *
   * @default true for a classification with one target, without `group` and `time`
   */
  readonly stratify?: boolean;
  /** Column whose equal values stay in one split. Not a feature unless `inputs` names it. */
  readonly group?: string;
  /**
   * Column of numbers or ISO dates: the earliest rows train, the latest are for the test. Not a
   * feature unless `inputs` names it.
   */
  readonly time?: string;
  /** Seed of the division; unsigned 32-bit integer. @default 0 */
  readonly seed?: number;
}

/**
 * A data set of the user's own files. Paths are relative to the file of the spec, or addresses,
 * with or without `#sha256=...` behind them.
 */
export interface FileDataSet {
  /** One file, divided by `split`. Excludes `train`, `validation` and `test`. */
  readonly path?: string;
  readonly train?: string;
  readonly validation?: string;
  readonly test?: string;
  /** @default the one that the name says, without `.gz` */
  readonly format?: FileFormat;
  /** One character between the values of a CSV file. @default found in the header line */
  readonly separator?: string;
  /** Columns or arrays. @default every column without another role */
  readonly inputs?: readonly string[];
  /** Columns or arrays that are left out. */
  readonly ignore?: readonly string[];
  /** The column or array to predict; several only for a regression. */
  readonly target: string | readonly string[];
  readonly task: "classification" | "regression";
  /** Types of columns instead of those that are found. */
  readonly columns?: Readonly<Record<string, ColumnType>>;
  /** @default none: a missing value is an error */
  readonly missing?: MissingRule;
  /** True scales numeric columns to mean 0 and deviation 1 of the training rows. @default true */
  readonly standardize?: boolean;
  /** Column with the weight of each row, at least 0. */
  readonly sampleWeight?: string;
  /** The weight of each class; `balanced`: n / (classes * n of the class). */
  readonly classWeight?: "balanced" | Readonly<Record<string, number>>;
  readonly split?: SplitPlan;
  /** The content of each file, by its path as written. `create` and `run` fill it in. */
  readonly files?: Readonly<Record<string, DataFileRef>>;
}

const FORMAT_OF_ENDING: Readonly<Record<string, FileFormat>> = {
  csv: "csv",
  tsv: "tsv",
  tab: "tsv",
  jsonl: "jsonl",
  ndjson: "jsonl",
  parquet: "parquet",
  npy: "npy",
  npz: "npz",
  idx: "idx",
};

/** Returns the format that the name of a file says, if it says one. */
export function formatOfName(path: string): FileFormat | undefined {
  const name = nameInFolder(path).toLowerCase().replace(/\.gz$/, "");
  if (/[-.]idx\d-ubyte$/.test(name)) return "idx";
  const ending = name.slice(name.lastIndexOf(".") + 1);
  return Object.hasOwn(FORMAT_OF_ENDING, ending) ? FORMAT_OF_ENDING[ending] : undefined;
}

/**
 * Returns the path of the labels that belong to a file of images by MNIST's convention of names
 * (`train-images-idx3-ubyte`, `train-labels-idx1-ubyte`), if the name follows it.
 */
export function labelsPathOf(path: string): string | undefined {
  const images = withoutChecksum(path);
  const labels = images.replace(/images([-.])idx\d-ubyte(?=(\.gz)?$)/, "labels$1idx1-ubyte");
  return labels === images ? undefined : labels;
}

/** Lists the paths of all files that a data set reads, as written. */
export function dataFilePaths(plan: FileDataSet): readonly string[] {
  const named = [plan.path, plan.train, plan.validation, plan.test].filter((path) => path !== undefined);
  return [
    ...new Set(named.flatMap((path) => [path, labelsOf(path, plan.format)].filter((each) => each !== undefined))),
  ];
}

function labelsOf(path: string, format: FileFormat | undefined): string | undefined {
  return (format ?? formatOfName(path)) === "idx" ? labelsPathOf(path) : undefined;
}

/** Returns the number of executions that the division of a data set asks for, if it has folds. */
export function foldsOf(plan: FileDataSet): number | undefined {
  return plan.split?.folds;
}
