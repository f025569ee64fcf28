import type { Metric } from "../contract/metric.js";
import { rankingMetric, type Ties } from "./ranking.js";

/**
 * The area under the ROC curve (roc_auc_score, multi_class="ovr"): the probability that a row of
 * the class scores above another row, where a tie counts half. NaN if all rows or none are of a
 * class.
 */
export const rocAuc: Metric = (predictions) => rankingMetric(predictions, areaUnderCurve);

function areaUnderCurve({ count, positive, negative }: Ties): number {
  let [positives, negatives, area] = [0, 0, 0];
  for (let tie = 0; tie < count; tie++) {
    area += (negative[tie] as number) * (positives + (positive[tie] as number) / 2);
    positives += positive[tie] as number;
    negatives += negative[tie] as number;
  }
  return area / (positives * negatives);
}
