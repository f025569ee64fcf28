import type { Metric } from "../contract/metric.js";
import { rankingMetric, type Tie } from "./ranking.js";

/**
 * The area under the ROC curve (roc_auc_score, multi_class="ovr"): the probability that a row of
 * the class scores above another row, where a tie counts half. NaN if all rows or none are of a
 * class.
 */
export const rocAuc: Metric = (predictions) => rankingMetric(predictions, areaUnderCurve);

function areaUnderCurve(ties: Iterable<Tie>): number {
  let [positives, negatives, area] = [0, 0, 0];
  for (const { positive, negative } of ties) {
    area += negative * (positives + positive / 2);
    positives += positive;
    negatives += negative;
  }
  return area / (positives * negatives);
}
