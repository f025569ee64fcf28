import { oneOf } from "../../validation/schema.js";

/** Names of the metrics that an epoch measures; Keras' own. */
export const metricSchema = oneOf(["loss", "accuracy", "val_loss", "val_accuracy"]);
