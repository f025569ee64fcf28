import { classTargets } from "../classes/classes.js";
import { type Metric, weightedMean } from "../contract/metric.js";

/** Distance of float32 numbers above 1. Probabilities are clipped to [EPSILON, 1 - EPSILON]. */
const EPSILON = 2 ** -23;

/** The mean of -log of the probability of each row's class, in nats (log_loss of float32). */
export const logLoss: Metric = (predictions) => {
  const { labels } = classTargets(predictions);
  const { outputs, width } = predictions;
  const losses = Float64Array.from(labels, (label, row) => {
    const output = outputs[row * width + (width === 1 ? 0 : label)] as number;
    const probability = width === 1 && label === 0 ? 1 - output : output;
    return -Math.log(Math.min(Math.max(probability, EPSILON), 1 - EPSILON));
  });
  return (weights) => weightedMean(losses, weights);
};
