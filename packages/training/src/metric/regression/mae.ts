import type { Metric } from "../contract/metric.js";
import { meanError } from "./columns.js";

/** The mean of |y - t| (mean_absolute_error). */
export const mae: Metric = (predictions) => meanError(predictions, (target, output) => Math.abs(output - target));
