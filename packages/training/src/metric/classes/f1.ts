import type { Metric } from "../contract/metric.js";
import { averageScore, ratio } from "./classes.js";

/** The harmonic mean of precision and recall of a class (f1_score). */
export const f1: Metric = (predictions) =>
  averageScore(predictions, ({ right, actual, predicted }, of) => {
    return ratio(2 * (right[of] as number), (actual[of] as number) + (predicted[of] as number));
  });
