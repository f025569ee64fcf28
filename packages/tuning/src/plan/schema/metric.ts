import { oneOf } from "../../validation/schema.js";
import { METRIC_NAMES } from "../metric.js";

/** Names of the metrics that an epoch measures. */
export const metricSchema = oneOf(METRIC_NAMES);
