// The rules between the data, the last layer, the loss and the metrics of a plan. Some facts about
// a data set of files are known only once its files are read: the rules then apply again.

import { isMeasuredFact } from "../aims/facts.js";
import type { Finding } from "../validation/problems.js";
import { METRIC_NAMES, type MetricName, SCORES, scoreOfMetric, type Task } from "./metric.js";
import type { DenseLayer, LossPlan, ModelPlan, TrainingPlan } from "./training-plan.js";

/** What is known about the examples of a data set. */
export interface DataFacts {
  readonly task: Task;
  /** Number of classes, at least 2, or of target values. Absent until the data are read. */
  readonly outputs?: number;
  /** Number of inputs of the first layer. Absent until the data are read. */
  readonly features?: number;
  /** False if there are no rows for validation. */
  readonly hasValidation: boolean;
  /** Absent until the data are read. */
  readonly validation?: {
    readonly rows: number;
    /** Classes, counted from 0, without a row for validation. */
    readonly absentClasses: readonly number[];
  };
}

/** The parts of a plan that must fit the data. Rules about a missing part do not apply. */
export interface FittedParts extends Partial<Pick<TrainingPlan, "model" | "objective" | "outcomes">> {
  readonly training: Pick<TrainingPlan["training"], "callbacks"> & Partial<Pick<TrainingPlan["training"], "loss">>;
}

/** Returns findings where a plan does not fit its data, each with a fix. */
export function fitFindings(parts: FittedParts, facts: DataFacts): Finding[] {
  return [...lossFindings(parts, facts), ...unitFindings(parts, facts), ...metricFindings(parts, facts)];
}

function lossFindings({ training: { loss } }: FittedParts, { task }: DataFacts): Finding[] {
  if (task === "classification" || loss === undefined || isErrorLoss(loss)) return [];
  const expected = "mean_squared_error, mean_absolute_error or huber, for the task is regression";
  return [{ path: ["training", "loss"], received: loss.type, expected }];
}

function unitFindings(parts: FittedParts, facts: DataFacts): Finding[] {
  const { model, training } = parts;
  const last = lastLayer(model);
  if (model === undefined || last === undefined) return [];
  const path = (field: string) => ["model", "layers", model.layers.length - 1, field];
  if (last.units === 1 && last.activation === "softmax") {
    const expected = "sigmoid or linear in the last layer, for the softmax of one unit is always 1";
    return [{ path: path("activation"), received: last.activation, expected }];
  }
  const allowed = allowedUnits(training.loss, facts);
  if (allowed === undefined || allowed.includes(last.units)) return [];
  const each = facts.task === "classification" ? "class" : "target";
  const expected = `${allowed.join(" or ")} in the last layer, one unit per ${each}`;
  return [{ path: path("units"), received: last.units, expected }];
}

/** Returns the numbers of units that the last layer may have; undefined for any. */
function allowedUnits(loss: LossPlan | undefined, { task, outputs }: DataFacts): readonly number[] | undefined {
  if (outputs === undefined) return undefined;
  const isOneOutput = loss?.type === "binary_crossentropy" || isErrorLoss(loss);
  return task === "classification" && outputs === 2 && isOneOutput ? [1, 2] : [outputs];
}

function metricFindings(parts: FittedParts, facts: DataFacts): Finding[] {
  return readMetrics(parts).flatMap(({ path, metric }) => {
    const expected = unfitReason(metric, parts, facts);
    return expected === undefined ? [] : [{ path, received: metric, expected }];
  });
}

/** Returns the metric to use instead, with the reason; undefined if a metric fits. */
function unfitReason(metric: MetricName, parts: FittedParts, facts: DataFacts): string | undefined {
  if (metric.startsWith("val_") && !facts.hasValidation) {
    const measured = facts.task === "classification" ? "loss or accuracy" : "loss";
    return `${measured}, for the split has no rows for validation`;
  }
  const score = scoreOfMetric(metric);
  if (score === undefined) return undefined;
  const { task, ofProbabilities } = SCORES[score];
  if (task !== facts.task) return `one of ${metricsOf(facts.task).join(", ")}, for the task is ${facts.task}`;
  if (ofProbabilities && !hasProbabilities(parts, facts)) {
    return "a metric that needs no probabilities, or softmax (or one sigmoid unit for two classes) in the last layer";
  }
  if (metric === "val_auc" || metric === "val_r2") return undefinedReason(metric, facts);
  return undefined;
}

/** Returns the reason why a metric has no value on the validation rows, if it has none. */
function undefinedReason(metric: "val_auc" | "val_r2", { validation }: DataFacts): string | undefined {
  if (validation === undefined) return undefined;
  const absent = validation.absentClasses;
  if (metric === "val_r2") return validation.rows < 2 ? "val_mae or val_rmse, for one row has no r2" : undefined;
  if (absent.length === 0) return undefined;
  const named = `${absent.slice(0, 5).join(", ")}${absent.length > 5 ? " ..." : ""}`;
  const rows = `no row of class ${named} (counted from 0)`;
  return `another metric, or a larger or stratified validation split: it has ${rows}, without which auc is undefined`;
}

function readMetrics(parts: FittedParts): readonly { path: PropertyKey[]; metric: MetricName }[] {
  const { objective, outcomes = [], training } = parts;
  const asked = outcomes.flatMap((outcome, index) =>
    isMeasuredFact(outcome) ? [] : [{ path: ["outcomes", index], metric: outcome }],
  );
  const monitors = training.callbacks.flatMap((callback, index) => {
    if (!("monitor" in callback)) return [];
    return [{ path: ["training", "callbacks", index, "monitor"], metric: callback.monitor }];
  });
  const optimised = objective === undefined ? [] : [{ path: ["objective", "metric"], metric: objective.metric }];
  return [...optimised, ...asked, ...monitors];
}

function metricsOf(task: Task): readonly MetricName[] {
  return METRIC_NAMES.filter((metric) => {
    const score = scoreOfMetric(metric);
    return score === undefined || SCORES[score].task === task;
  });
}

/** Returns true if the outputs are probabilities, or if the last layer is not known. */
function hasProbabilities({ model }: FittedParts, { outputs }: DataFacts): boolean {
  const last = lastLayer(model);
  if (last === undefined || last.activation === "softmax") return true;
  return last.activation === "sigmoid" && last.units === 1 && (outputs ?? 2) === 2;
}

function lastLayer(model: ModelPlan | undefined): DenseLayer | undefined {
  const last = model?.layers.at(-1);
  return last?.type === "Dense" ? last : undefined;
}

function isErrorLoss(loss: LossPlan | undefined): boolean {
  return loss?.type === "mean_squared_error" || loss?.type === "mean_absolute_error" || loss?.type === "huber";
}
