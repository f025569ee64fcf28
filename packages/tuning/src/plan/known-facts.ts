import type { FileDataSet } from "./data-set/file-data-set.js";
import type { NamedDataSet } from "./data-set/named-data-set.js";
import type { DataFacts } from "./fit.js";

/** Values of one example in every named data set. */
export const NAMED_DATA_FEATURES = 784;
/** Classes of every named data set. */
const CLASSES = 10;

/** Returns what a plan says about its data before they are read. */
export function knownFacts(dataset: NamedDataSet | FileDataSet): DataFacts {
  if ("name" in dataset) {
    const hasValidation = dataset.split.validation !== undefined;
    return { task: "classification", outputs: CLASSES, features: NAMED_DATA_FEATURES, hasValidation };
  }
  const { task, target } = dataset;
  const targets = typeof target === "string" ? 1 : target.length;
  const hasValidation = dataset.validation !== undefined || dataset.split?.validation !== 0;
  // One target may be an array of several columns.
  return { task, hasValidation, ...(task === "regression" && targets > 1 ? { outputs: targets } : {}) };
}
