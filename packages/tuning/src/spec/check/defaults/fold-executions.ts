// A trial of a data set with folds has one execution for each fold.

import type { Finding } from "../../../validation/problems.js";
import { valueAtPath } from "../../../validation/problems.js";
import { isRecord } from "../../template/references.js";

const PATH = ["budget", "executionsPerTrial"] as const;

/** Fills in `budget.executionsPerTrial` of a spec whose data set has folds. */
export function withFoldExecutions(spec: unknown): unknown {
  const folds = foldsIn(spec);
  if (folds === undefined || !isRecord(spec) || !isRecord(spec["budget"])) return spec;
  const { budget } = spec;
  return budget["executionsPerTrial"] === undefined
    ? { ...spec, budget: { ...budget, executionsPerTrial: folds } }
    : spec;
}

/** Refuses another number of executions than that of the folds. */
export function foldFindings(spec: unknown): Finding[] {
  const folds = foldsIn(spec);
  const received = valueAtPath(spec, PATH);
  if (folds === undefined || received === undefined || received === folds) return [];
  return [{ path: PATH, received, expected: `${folds} or nothing, for each fold of dataset.split is an execution` }];
}

function foldsIn(spec: unknown): number | undefined {
  const folds = valueAtPath(spec, ["dataset", "split", "folds"]);
  return typeof folds === "number" && Number.isInteger(folds) ? folds : undefined;
}
