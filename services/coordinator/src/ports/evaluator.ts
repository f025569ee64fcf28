import type { TrainingPlan } from "@sintonia/tuning/plan/training-plan";
import type { Artifact, TestResult } from "../core/state/study.js";

export interface Evaluation {
  readonly test: TestResult;
  /** The model in each format, stored. */
  readonly models: readonly Artifact[];
}

/** Measures a model on the test split and stores it in the formats that others read. */
export interface Evaluator {
  /**
   * Reads the test split: call it once per study, for the best trial. The same weights have the same result.
   *
   * @param plan - plan of the trial that was trained
   * @param weights - the trial's stored weights
   * @throws an error whose message is one clear line, if the data set, the weights or the engine cannot be used
   */
  evaluate(plan: TrainingPlan, weights: Artifact): Promise<Evaluation>;
}
