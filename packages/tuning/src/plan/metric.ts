import type { Goal } from "../objective/goal.js";

/** The kind of target that a data set has. */
export type Task = "classification" | "regression";

/** The facts about a score, which rules between the parts of a plan need. */
export interface ScoreFacts {
  /** The better direction. */
  readonly goal: Goal;
  readonly task: Task;
  /** True if the outputs must be probabilities. */
  readonly ofProbabilities: boolean;
  readonly range: MetricRange;
}

/** The least and the greatest value of a figure. */
export interface MetricRange {
  readonly min: number;
  readonly max: number;
}

/** The range of a figure that may have any value. */
export const UNBOUNDED: MetricRange = { min: Number.NEGATIVE_INFINITY, max: Number.POSITIVE_INFINITY };

const NOT_NEGATIVE: MetricRange = { min: 0, max: Number.POSITIVE_INFINITY };
const ofClasses: ScoreFacts = {
  goal: "maximize",
  task: "classification",
  ofProbabilities: false,
  range: { min: 0, max: 1 },
};
const ofProbabilities: ScoreFacts = {
  goal: "minimize",
  task: "classification",
  ofProbabilities: true,
  range: NOT_NEGATIVE,
};
const ofErrors: ScoreFacts = { goal: "minimize", task: "regression", ofProbabilities: false, range: NOT_NEGATIVE };

/** The table of scores: metrics of the outputs for a whole set, as scikit-learn defines them. */
export const SCORES = {
  accuracy: ofClasses,
  balanced_accuracy: ofClasses,
  auc: ofClasses,
  average_precision: ofClasses,
  f1: ofClasses,
  precision: ofClasses,
  recall: ofClasses,
  log_loss: ofProbabilities,
  brier: { ...ofProbabilities, range: { min: 0, max: 2 } },
  mae: ofErrors,
  rmse: ofErrors,
  mape: ofErrors,
  r2: { ...ofErrors, goal: "maximize", range: { min: Number.NEGATIVE_INFINITY, max: 1 } },
} as const satisfies Readonly<Record<string, ScoreFacts>>;

/** The name of a score. */
export type ScoreName = keyof typeof SCORES;

/** All scores. */
export const SCORE_NAMES = Object.keys(SCORES) as readonly ScoreName[];

/** All metrics that an epoch can measure. */
export const METRIC_NAMES = [
  "loss",
  "accuracy",
  "val_loss",
  "val_accuracy",
  "val_balanced_accuracy",
  "val_auc",
  "val_average_precision",
  "val_f1",
  "val_precision",
  "val_recall",
  "val_log_loss",
  "val_brier",
  "val_mae",
  "val_rmse",
  "val_mape",
  "val_r2",
] as const satisfies readonly ("loss" | "accuracy" | "val_loss" | `val_${ScoreName}`)[];

/**
 * The name of a metric that an epoch measures. `loss` and `accuracy` are Keras' means over the
 * training rows while the weights change; the others are measured on the validation rows.
 */
export type MetricName = (typeof METRIC_NAMES)[number];

/** Returns the score that a metric is on training or validation rows; undefined for a loss. */
export function scoreOfMetric(metric: string): ScoreName | undefined {
  const name = metric.replace(/^val_/, "");
  return SCORE_NAMES.find((score) => score === name);
}

/** Returns the better direction of a metric. */
export function goalOfMetric(metric: string): Goal {
  const score = scoreOfMetric(metric);
  return score === undefined ? "minimize" : SCORES[score].goal;
}

/** Returns the range of a metric. No built-in loss is negative. */
export function rangeOfMetric(metric: string): MetricRange {
  const score = scoreOfMetric(metric);
  return score === undefined ? NOT_NEGATIVE : SCORES[score].range;
}
