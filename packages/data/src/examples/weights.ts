import type { Targets } from "@sintonia/training/dataset/examples";
import type { FileDataSet } from "@sintonia/tuning/plan/data-set/file-data-set";
import { nearestName } from "@sintonia/tuning/validation/nearest-name";
import { typeOfColumn } from "../column/column-type.js";
import { contentError, shownList } from "../error/data-error.js";
import { numbersOf } from "../preparation/fit.js";
import { type Column, type Table, valueAt } from "../table/table.js";

/**
 * Returns the weights of training rows with mean 1: the product of the row's own weight and that of
 * its class. Undefined if the plan has neither.
 */
export function trainingWeights(
  plan: FileDataSet,
  table: Table,
  rows: Uint32Array,
  targets: Targets,
  classes: readonly string[],
): Float32Array | undefined {
  const { sampleWeight, classWeight } = plan;
  if (sampleWeight === undefined && classWeight === undefined) return undefined;
  const ofRow = sampleWeight === undefined ? () => 1 : rowWeights(sampleWeight, table);
  const ofClass = classWeight === undefined ? [] : classWeights(classWeight, targets, classes, table.file);
  const labels = targets.kind === "classes" ? targets.labels : undefined;
  const weights = Float64Array.from(rows, (row, at) => ofRow(row) * (ofClass[labels?.[at] ?? -1] ?? 1));
  const mean = weights.reduce((sum, weight) => sum + weight, 0) / weights.length;
  if (mean === 0) throw contentError({ file: table.file, column: sampleWeight }, "all training rows have weight 0");
  return Float32Array.from(weights, (weight) => weight / mean);
}

function rowWeights(name: string, table: Table): (row: number) => number {
  const read = table.columns.get(name) as Column;
  typeOfColumn(read, table, "numeric");
  const column = numbersOf(read);
  const place = { file: table.file, column: name };
  if (column.kind === "array") throw contentError(place, "expected one weight for each row, found an array");
  return (row) => {
    const weight = valueAt(column.values, row);
    if (weight >= 0 && weight < Infinity) return weight;
    throw contentError({ ...place, row: table.rowName(row) }, `expected a weight of at least 0, found ${weight}`);
  };
}

function classWeights(
  plan: NonNullable<FileDataSet["classWeight"]>,
  targets: Targets,
  classes: readonly string[],
  file: string,
): number[] {
  if (plan !== "balanced") return namedWeights(plan, classes, file);
  const counts = classes.map(() => 0);
  const labels = targets.kind === "classes" ? targets.labels : [];
  for (const label of labels) counts[label] = (counts[label] as number) + 1;
  return counts.map((count) => labels.length / (classes.length * count));
}

function namedWeights(plan: Readonly<Record<string, number>>, classes: readonly string[], file: string): number[] {
  for (const name of Object.keys(plan)) {
    if (classes.includes(name)) continue;
    const nearest = nearestName(name, classes);
    const hint = nearest === undefined ? `the classes are ${shownList(classes)}` : `did you mean ${nearest}?`;
    throw contentError({ file }, `classWeight names the class ${name}, which no row has; ${hint}`);
  }
  return classes.map((name) => plan[name] ?? 1);
}
