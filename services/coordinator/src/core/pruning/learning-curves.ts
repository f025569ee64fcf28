import type { LearningCurve } from "@sintonia/tuning/pruner/contract/pruner";
import { learningCurve } from "../curves/learning-curve.js";
import { searchTrials } from "../query/replicates.js";
import type { Study } from "../state/study.js";

/** Returns the curves of all trials of the search, in the order of their numbers. */
export function learningCurves(study: Study): readonly LearningCurve[] {
  return searchTrials(study).map((trial) => learningCurve(trial, study.spec.objective));
}
