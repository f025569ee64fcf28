import type { Metric } from "../contract/metric.js";
import { rankingMetric, type Tie } from "./ranking.js";

/**
 * The area under the curve of precision and recall as a sum of steps (average_precision_score): the
 * mean of the precision at each row of the class. 0 if no row is of the class.
 */
export const averagePrecision: Metric = (predictions) => rankingMetric(predictions, stepArea);

function stepArea(ties: Iterable<Tie>): number {
  let [positives, rows, area] = [0, 0, 0];
  for (const { positive, negative } of ties) {
    positives += positive;
    rows += positive + negative;
    area += positive * (positives / rows);
  }
  return positives === 0 ? 0 : area / positives;
}
