import type { ModulePlan } from "@sintonia/tuning/plan/module-plan";
import type { DataSetPlan, TrainingPlan } from "@sintonia/tuning/plan/training-plan";
import type { Artifact, TestResult } from "../core/state/study.js";

/** The result of an evaluation. */
export interface Evaluation {
  readonly test: TestResult;
  /** The stored model in each format. */
  readonly models: readonly Artifact[];
}

/**
 * Reads the test split, evaluates a model on it, and exports the model to the formats of other
 * programs.
 */
export interface Evaluator {
  /**
   * Checks that the files of the test split can be read and are those of the catalog. If the study
   * has models of modules, checks that the engine can evaluate them.
   *
   * @throws an error with a one-line message if not
   */
  check(dataset: DataSetPlan, models?: "modules"): Promise<void>;
  /**
   * Evaluates weights on the test split. Call this once for each trial that a study chooses as its
   * best. Equal weights give equal results.
   *
   * @param plan - training plan of the trial
   * @param weights - stored weights of the trial
   * @param fold - the fold for validation of the training of these weights, if the plan has folds:
   *   rows are prepared as its training rows say
   * @throws an error with a one-line message if the data set, the weights or the engine is not
   *   usable
   */
  evaluate(plan: TrainingPlan | ModulePlan, weights: Artifact, fold?: number): Promise<Evaluation>;
}
