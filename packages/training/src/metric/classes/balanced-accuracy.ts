import { type Metric, mean } from "../contract/metric.js";
import { classSums } from "./classes.js";

/** The mean recall of the classes that occur among the targets (balanced_accuracy_score). */
export const balancedAccuracy: Metric = (predictions) => {
  const sumsOf = classSums(predictions);
  return (weights) => {
    const { actual, right } = sumsOf(weights);
    const recalls = Array.from(actual, (sum, of) => (right[of] as number) / sum);
    return mean(recalls.filter((recall) => !Number.isNaN(recall)));
  };
};
