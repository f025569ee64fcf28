import { type Metric, mean, type RowWeights, weightedMean } from "../contract/metric.js";
import { columnPairs } from "./columns.js";

/**
 * The coefficient of determination, 1 - sum (y - t)^2 / sum (t - mean t)^2, averaged over the
 * targets (r2_score). A constant target scores 1 if it is met exactly, else 0. NaN below two rows.
 */
export const r2: Metric = (predictions) => {
  const columns = columnPairs(predictions);
  return (weights) => mean(columns.map((column) => determination(column, weights)));
};

function determination(
  { targets, outputs }: { readonly targets: Float64Array; readonly outputs: Float64Array },
  weights: RowWeights,
): number {
  if (targets.length < 2) return Number.NaN;
  const center = weightedMean(targets, weights);
  let [residual, total] = [0, 0];
  for (let row = 0; row < targets.length; row++) {
    const [target, weight] = [targets[row] as number, weights[row] as number];
    residual += weight * ((outputs[row] as number) - target) ** 2;
    total += weight * (target - center) ** 2;
  }
  if (residual === 0) return 1;
  return total === 0 ? 0 : 1 - residual / total;
}
