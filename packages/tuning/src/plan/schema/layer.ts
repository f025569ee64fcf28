import { z } from "zod";
import { byType, fields, integer, list, named, oneOf, real } from "../../validation/schema.js";
import { biasInitializerSchema, kernelInitializerSchema } from "./initializer.js";

const UNITS_MAX = 16_384;
const LAYERS_MAX = 32;

const activation = named(
  oneOf(["linear", "relu", "leaky_relu", "elu", "selu", "gelu", "sigmoid", "tanh", "silu", "softmax"]),
  { swish: "silu" },
);

const notNegative = real({ atLeast: 0 });

const denseSchema = fields({
  type: z.literal("Dense"),
  units: integer(1, UNITS_MAX),
  activation: activation.default("linear"),
  useBias: z.boolean("true or false").default(true),
  kernelInitializer: kernelInitializerSchema.default({ type: "GlorotUniform" }),
  biasInitializer: biasInitializerSchema.default({ type: "Zeros" }),
  kernelRegularizer: fields({ l1: notNegative.default(0), l2: notNegative.default(0) }).exactOptional(),
});

const dropoutSchema = fields({
  type: z.literal("Dropout"),
  rate: real({ atLeast: 0, below: 1 }),
});

const batchNormalizationSchema = fields({
  type: z.literal("BatchNormalization"),
  momentum: real({ atLeast: 0, atMost: 1 }).default(0.99),
  epsilon: real({ above: 0 }).default(1e-3),
  center: z.boolean("true or false").default(true),
  scale: z.boolean("true or false").default(true),
});

/** One layer; without `type` it is dense. */
export const layerSchema = named(
  byType(["Dense", "Dropout", "BatchNormalization"], [denseSchema, dropoutSchema, batchNormalizationSchema]),
  { dense: "Dense", dropout: "Dropout", batch_normalization: "BatchNormalization" },
  "Dense",
);

/** Schema of `TrainingPlan.model`. */
export const modelSchema = fields({
  layers: list(layerSchema, "layers", [1, LAYERS_MAX]).superRefine((layers, context) => {
    const last = layers.at(-1);
    if (last?.type === "Dense") return;
    context.addIssue({ code: "custom", path: [layers.length - 1, "type"], message: "Dense in the last layer" });
  }),
});
