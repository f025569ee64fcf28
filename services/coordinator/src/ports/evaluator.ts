import type { TrainingPlan } from "@sintonia/tuning/plan/training-plan";
import type { Artifact, TestResult } from "../core/state/study.js";

/** The result of an evaluation. */
export interface Evaluation {
  readonly test: TestResult;
  /** The stored model in each format. */
  readonly models: readonly Artifact[];
}

/** Evaluates a model on the test split and exports it to the formats of other programs. */
export interface Evaluator {
  /**
   * Evaluates weights on the test split. Call this once per study, for the best trial. Equal
   * weights give equal results.
   *
   * @param plan - training plan of the trial
   * @param weights - stored weights of the trial
   * @throws an error with a one-line message if the data set, the weights or the engine is not
   *   usable
   */
  evaluate(plan: TrainingPlan, weights: Artifact): Promise<Evaluation>;
}
