import type { Metric } from "../contract/metric.js";
import { rankingMetric, type Ties } from "./ranking.js";

/**
 * The area under the curve of precision and recall as a sum of steps (average_precision_score): the
 * mean of the precision at each row of the class. 0 if no row is of the class.
 */
export const averagePrecision: Metric = (predictions) => rankingMetric(predictions, stepArea);

function stepArea({ count, positive, negative }: Ties): number {
  let [positives, rows, area] = [0, 0, 0];
  for (let tie = 0; tie < count; tie++) {
    positives += positive[tie] as number;
    rows += (positive[tie] as number) + (negative[tie] as number);
    area += (positive[tie] as number) * (positives / rows);
  }
  return positives === 0 ? 0 : area / positives;
}
