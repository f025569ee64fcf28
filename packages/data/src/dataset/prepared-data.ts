import type { Examples } from "@sintonia/training/dataset/examples";
import type { FoldFacts } from "../check/folds.js";
import type { Preparation } from "../preparation/preparation.js";

/** The splits of a data set. */
export type SplitName = "train" | "validation" | "test";

/** A data set of files, ready to train. */
export interface PreparedData {
  /** Absent if it was not asked for, as are the other splits. */
  readonly train?: Examples;
  /** Also absent if the plan has no rows for it. */
  readonly validation?: Examples;
  /** Also absent if the plan has no rows for it. */
  readonly test?: Examples;
  /** Rows of each split, whether asked for or not; those of a split in a file of its own from 0. */
  readonly rows: Readonly<Record<SplitName, Uint32Array>>;
  /** Number of features of an example. */
  readonly features: number;
  /** Number of classes, or of numbers to predict. */
  readonly outputs: number;
  readonly preparation: Preparation;
  /** Remarks for a person, one line each: constant columns, shared rows. */
  readonly findings: readonly string[];
  /** Facts about the validation rows of each fold, if they were to be examined. */
  readonly folds?: readonly FoldFacts[];
}
