import { z } from "zod";
import { GOALS } from "../../objective/goal.js";
import { byKeys, fields, integer, list, oneOf } from "../../validation/schema.js";
import { fileDataSetSchema } from "../data-set/schema.js";
import { METRIC_NAMES } from "../metric.js";
import { ruleFindings } from "../rules.js";
import type { DataSetPlan, RowRange, TrainingPlan } from "../training-plan.js";
import { callbackSchema } from "./callback.js";
import { modelSchema } from "./layer.js";
import { lossSchema } from "./loss.js";
import { metricSchema } from "./metric.js";
import { optimizerSchema } from "./optimizer.js";

/** Rows of the training file of every known data set. */
const TRAINING_ROWS = 60_000;

const rowRange = z
  .tuple([integer(0, TRAINING_ROWS), integer(0, TRAINING_ROWS)], "a pair [start, end) of row numbers")
  .refine(([start, end]) => start < end, "a range [start, end) with start below end");

const namedDataSet = fields({
  name: oneOf(["mnist", "fashion-mnist"]),
  split: fields({ train: rowRange, validation: rowRange.exactOptional() }).refine((split) => !overlap(split), {
    path: ["validation"],
    error: "a range that shares no row with train",
  }),
});

/** Schema of `TrainingPlan.dataset`. */
export const dataSetSchema: z.ZodType<DataSetPlan> = byKeys(
  ["path", "train", "target", "task"],
  fileDataSetSchema,
  namedDataSet,
);

/** Schema of `TrainingPlan.objective`. */
export const objectiveSchema = fields({ metric: metricSchema, goal: oneOf(GOALS) });

/** Schema of `TrainingPlan.outcomes`. */
export const outcomesSchema = list(
  oneOf([...METRIC_NAMES, "parameters", "latency_ms"] as const),
  "outcomes",
  [0, 20],
).exactOptional();

/** Schema of `TrainingPlan.training`. */
export const trainingSchema = fields({
  optimizer: optimizerSchema,
  loss: lossSchema,
  batchSize: integer(1, TRAINING_ROWS),
  maxEpochs: integer(1, 10_000),
  callbacks: list(callbackSchema, "callbacks", [0, 16]).default([]),
  keep: oneOf(["best-epoch", "last-epoch"]).exactOptional(),
});

/** Schema of the seeds of a plan. */
export const seedsSchema = list(integer(0, 0xffffffff), "seeds", [1, 100]);

/** Schema of the folds of a plan. */
export const foldsSchema = list(integer(0, 99), "folds", [1, 100]).exactOptional();

/** Fills in the defaults that are documented in training-plan.ts. */
export const trainingPlanSchema: z.ZodType<TrainingPlan> = fields({
  dataset: dataSetSchema,
  objective: objectiveSchema,
  outcomes: outcomesSchema,
  model: modelSchema,
  training: trainingSchema,
  seeds: seedsSchema,
  folds: foldsSchema,
}).superRefine((plan, context) => {
  for (const { path, expected } of ruleFindings(plan)) {
    context.addIssue({ code: "custom", path: [...path], message: expected });
  }
});

function overlap({ train, validation }: { train: RowRange; validation?: RowRange }): boolean {
  return validation !== undefined && train[0] < validation[1] && validation[0] < train[1];
}
