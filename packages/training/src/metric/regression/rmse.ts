import type { Metric } from "../contract/metric.js";
import { meanError } from "./columns.js";

/** The root of the mean of (y - t)^2 of each target (root_mean_squared_error). */
export const rmse: Metric = (predictions) =>
  meanError(predictions, (target, output) => (output - target) ** 2, Math.sqrt);
