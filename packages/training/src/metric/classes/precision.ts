import type { Metric } from "../contract/metric.js";
import { averageScore, ratio } from "./classes.js";

/** The share of predictions of a class that are right (precision_score). */
export const precision: Metric = (predictions) =>
  averageScore(predictions, ({ right, predicted }, of) => ratio(right[of], predicted[of]));
