import { classTargets } from "../classes/classes.js";
import { type Metric, weightedMean } from "../contract/metric.js";

/**
 * The mean squared error of probabilities (brier_score_loss): of the probability of class 1 of two;
 * or summed over the probabilities of more classes.
 */
export const brier: Metric = (predictions) => {
  const { labels, classes } = classTargets(predictions);
  const { outputs, width } = predictions;
  const scale = width > 1 && classes === 2 ? 0.5 : 1;
  const scores = Float64Array.from(labels, (label, row) => {
    let sum = 0;
    for (let column = 0; column < width; column++) {
      const target = width === 1 ? label : Number(label === column);
      sum += ((outputs[row * width + column] as number) - target) ** 2;
    }
    return scale * sum;
  });
  return (weights) => weightedMean(scores, weights);
};
