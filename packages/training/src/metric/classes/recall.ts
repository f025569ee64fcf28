import type { Metric } from "../contract/metric.js";
import { averageScore, ratio } from "./classes.js";

/** The share of a class's rows that are predicted (recall_score). */
export const recall: Metric = (predictions) =>
  averageScore(predictions, ({ right, actual }, of) => ratio(right[of], actual[of]));
