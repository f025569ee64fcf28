import { z } from "zod";
import { byType, fields, integer, oneOf, real } from "../../validation/schema.js";
import { metricSchema } from "./metric.js";

const EPOCHS_MAX = 10_000;

const monitor = metricSchema.default("val_loss");
const mode = oneOf(["auto", "min", "max"]).default("auto");
/** Keras uses the absolute value. */
const minDelta = real().transform(Math.abs);

/** Arguments and defaults as in Keras. */
export const callbackSchema = byType(
  ["ReduceLROnPlateau", "EarlyStopping", "TerminateOnNaN"],
  [
    fields({
      type: z.literal("ReduceLROnPlateau"),
      monitor,
      mode,
      factor: real({ above: 0, below: 1 }).default(0.1),
      patience: integer(0, EPOCHS_MAX).default(10),
      minDelta: minDelta.default(1e-4),
      cooldown: integer(0, EPOCHS_MAX).default(0),
      minLr: real({ atLeast: 0 }).default(0),
    }),
    fields({
      type: z.literal("EarlyStopping"),
      monitor,
      mode,
      patience: integer(0, EPOCHS_MAX).default(0),
      minDelta: minDelta.default(0),
      baseline: real().exactOptional(),
      restoreBestWeights: z.boolean("true or false").default(false),
      startFromEpoch: integer(0, EPOCHS_MAX).default(0),
    }),
    fields({ type: z.literal("TerminateOnNaN") }),
  ],
);
