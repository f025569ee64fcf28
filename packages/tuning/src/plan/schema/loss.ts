import { z } from "zod";
import { byType, fields, named, real } from "../../validation/schema.js";

const labelSmoothing = real({ atLeast: 0, below: 1 }).default(0);
/** Keras' losses of these names take no label smoothing. */
const noSmoothing = z.literal(0, "nothing: this loss has no label smoothing").default(0);

/** Names, aliases and defaults as in Keras; a name alone stands for its defaults. */
export const lossSchema = named(
  byType(
    [
      "categorical_crossentropy",
      "sparse_categorical_crossentropy",
      "binary_crossentropy",
      "mean_squared_error",
      "mean_absolute_error",
      "huber",
    ],
    [
      fields({ type: z.enum(["categorical_crossentropy", "binary_crossentropy"]), labelSmoothing }),
      fields({
        type: z.enum(["sparse_categorical_crossentropy", "mean_squared_error", "mean_absolute_error"]),
        labelSmoothing: noSmoothing,
      }),
      fields({ type: z.literal("huber"), labelSmoothing: noSmoothing, delta: real({ above: 0 }).default(1) }),
    ],
  ),
  { mse: "mean_squared_error", mae: "mean_absolute_error", MSE: "mean_squared_error", MAE: "mean_absolute_error" },
);
