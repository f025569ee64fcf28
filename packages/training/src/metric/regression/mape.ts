import type { Metric } from "../contract/metric.js";
import { meanError } from "./columns.js";

/**
 * The mean of |y - t| / |t| as a share, not in per cent (mean_absolute_percentage_error). A target
 * of 0 is divided by 2^-52 and makes the metric huge.
 */
export const mape: Metric = (predictions) =>
  meanError(predictions, (target, output) => Math.abs(output - target) / Math.max(Math.abs(target), Number.EPSILON));
