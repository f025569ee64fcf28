import { type DataSetPlan, isFileDataSet } from "./training-plan.js";

/**
 * Returns the number of validation rows of which an objective is the share of correct ones.
 *
 * @param spec - a study spec, or a plan
 * @returns undefined if the objective is another metric, or if the data set is not a known one, so
 * that its rows follow from its files
 */
export function accuracyRows({
  objective,
  dataset,
}: {
  readonly objective: { readonly metric: string };
  readonly dataset?: DataSetPlan | undefined;
}): number | undefined {
  if (objective.metric !== "val_accuracy" || dataset === undefined || isFileDataSet(dataset)) return undefined;
  const rows = dataset.split.validation;
  return rows === undefined ? undefined : rows[1] - rows[0];
}
