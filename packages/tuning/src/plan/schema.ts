import { z } from "zod";
import { byType, fields, integer, list, oneOf, real } from "../validation/schema.js";
import type { RowRange, TrainingPlan } from "./training-plan.js";

/** Rows of the training file of every known data set. */
const TRAINING_ROWS = 60_000;
/** Classes of every known data set. */
const CLASSES = 10;

const METRICS = ["loss", "accuracy", "val_loss", "val_accuracy"] as const;

const rowRange = z
  .tuple([integer(0, TRAINING_ROWS), integer(0, TRAINING_ROWS)], "a pair [start, end) of row numbers")
  .refine(([start, end]) => start < end, "a range [start, end) with start below end");

/** Schema of `TrainingPlan.dataset`. */
export const dataSetSchema = fields({
  name: oneOf(["mnist", "fashion-mnist"]),
  split: fields({ train: rowRange, validation: rowRange }).refine((split) => !overlap(split), {
    path: ["validation"],
    error: "a range that shares no row with train",
  }),
});

/** Schema of `TrainingPlan.objective`. */
export const objectiveSchema = fields({ metric: oneOf(METRICS), goal: oneOf(["maximize", "minimize"]) });

const INITIALIZERS = [
  "Zeros",
  "Ones",
  "Constant",
  "RandomNormal",
  "TruncatedNormal",
  "RandomUniform",
  "GlorotUniform",
  "GlorotNormal",
  "HeUniform",
  "HeNormal",
] as const;

const notNegative = real("a number of at least 0", (value) => value >= 0);
const positive = real("a number above 0", (value) => value > 0);
const decay = real("a number of at least 0 and below 1", (value) => value >= 0 && value < 1);

/** Arguments and their defaults as in Keras. */
const initializerSchema = byType(INITIALIZERS, [
  fields({ type: z.enum(["Zeros", "Ones"]) }),
  fields({ type: z.literal("Constant"), value: real().default(0) }),
  fields({
    type: z.enum(["RandomNormal", "TruncatedNormal"]),
    mean: real().default(0),
    stddev: notNegative.default(0.05),
  }),
  fields({ type: z.literal("RandomUniform"), minval: real().default(-0.05), maxval: real().default(0.05) }).refine(
    ({ minval, maxval }) => minval <= maxval,
    { path: ["minval"], error: "a number of at most maxval" },
  ),
  fields({ type: z.enum(["GlorotUniform", "GlorotNormal", "HeUniform", "HeNormal"]) }),
]);

const layerSchema = fields({
  units: integer(1, 16_384),
  activation: oneOf(["relu", "softmax", "linear"]),
  kernelInitializer: initializerSchema.default({ type: "GlorotUniform" }),
  biasInitializer: initializerSchema.default({ type: "Zeros" }),
});

/** Schema of `TrainingPlan.model`. */
export const modelSchema = fields({
  layers: list(layerSchema, "layers", [1, 32]).superRefine(checkOutputLayer),
});

const callbackSchema = byType(
  ["ReduceLROnPlateau", "EarlyStopping"],
  [
    fields({
      type: z.literal("ReduceLROnPlateau"),
      monitor: oneOf(METRICS),
      factor: real("a number above 0 and below 1", (value) => value > 0 && value < 1).default(0.1),
      patience: integer(0, 10_000).default(10),
      minDelta: real().default(1e-4).transform(Math.abs),
      cooldown: integer(0, 10_000).default(0),
      minLr: notNegative.default(0),
    }),
    fields({
      type: z.literal("EarlyStopping"),
      monitor: oneOf(METRICS),
      patience: integer(0, 10_000).default(0),
      minDelta: real().default(0).transform(Math.abs),
    }),
  ],
);

/** Schema of `TrainingPlan.training`. */
export const trainingSchema = fields({
  optimizer: byType(
    ["adam"],
    [
      fields({
        type: z.literal("adam"),
        learningRate: positive,
        beta1: decay.default(0.9),
        beta2: decay.default(0.999),
        epsilon: positive.default(1e-7),
      }),
    ],
  ),
  loss: oneOf(["categorical_crossentropy"]),
  batchSize: integer(1, TRAINING_ROWS),
  maxEpochs: integer(1, 10_000),
  callbacks: list(callbackSchema, "callbacks", [0, 16]).default([]),
});

/** Fills in the defaults that are documented in training-plan.ts. */
export const trainingPlanSchema: z.ZodType<TrainingPlan> = fields({
  dataset: dataSetSchema,
  objective: objectiveSchema,
  model: modelSchema,
  training: trainingSchema,
  seeds: list(integer(0, 0xffffffff), "seeds", [1, 100]),
});

function overlap({ train, validation }: { train: RowRange; validation: RowRange }): boolean {
  return train[0] < validation[1] && validation[0] < train[1];
}

/** Says which layer may be softmax and what the last one must be; other problems of the layers are reported beside. */
function checkOutputLayer(layers: readonly { units: number; activation: string }[], context: z.RefinementCtx): void {
  const last = layers.length - 1;
  const report = (index: number, field: string, message: string) =>
    context.addIssue({ code: "custom", path: [index, field], message });
  layers.forEach(({ units, activation }, index) => {
    if (index < last && activation === "softmax") report(index, "activation", "relu or linear before the last layer");
    if (index === last && activation !== "softmax") report(index, "activation", "softmax in the last layer");
    if (index === last && units !== CLASSES) report(index, "units", `${CLASSES} in the last layer, one unit per class`);
  });
}
