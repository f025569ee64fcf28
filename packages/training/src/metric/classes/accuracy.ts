import { type Metric, weightedMean } from "../contract/metric.js";
import { classTargets, predictedClasses } from "./classes.js";

/** The share of rows whose class is predicted (accuracy_score). */
export const accuracy: Metric = (predictions) => {
  const { labels } = classTargets(predictions);
  const isRight = predictedClasses(predictions).map((guess, row) => (guess === labels[row] ? 1 : 0));
  return (weights) => weightedMean(isRight, weights);
};
