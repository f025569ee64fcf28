import type { DataSetPlan, Objective } from "../plan/training-plan.js";
import type { ParameterValue, ParameterValues, SearchSpace } from "../space/parameter.js";

export interface Budget {
  /** Trials created at most, whatever their end; 1 to 10,000. */
  readonly maxTrials: number;
  /** Trainings of one trial with different seeds; 1 to 100. @default 1 */
  readonly executionsPerTrial: number;
  /** Failed trials in a row (in order of their ends) that fail the study; 1 to 10,000. @default 3 */
  readonly maxConsecutiveFailures: number;
  /** Attempts of one trial, the first included, before a lost lease fails it; 1 to 100. @default 3 */
  readonly maxAttemptsPerTrial: number;
  /** Trials outstanding at once; 1 to 1,024. @default one per live trainer, at least one */
  readonly parallelTrials?: number;
}

export type OracleName = "bayesian" | "random" | "quasi-random" | "grid" | "keras-tuner";

/** Which oracle proposes the values, and how. */
export interface OracleSettings {
  readonly type: OracleName;
  /** For `keras-tuner`: with the defects of the original too. @default false */
  readonly faithful?: boolean;
}

export type SelectionRule = "posterior-mean" | "observed" | "replicate";

/** How the best trial is chosen once the budget is spent; `selectBest` says what each rule does. */
export type SelectionSettings =
  | { readonly rule: "posterior-mean" | "observed" }
  | {
      readonly rule: "replicate";
      /** Trials that are executed again, the best expected ones; 2 to 20. @default 3 */
      readonly top: number;
      /** New executions of each, beside the budget; 2 to 100. @default 5 */
      readonly executions: number;
    };

/** Figures that somebody published for this experiment, shown beside ours. Accuracies in [0, 1], losses in nats. */
export interface PublishedFigures {
  readonly source?: string;
  /** Best validation accuracy. */
  readonly valAccuracy?: number;
  /** On the test split, of the model that was best in validation: what a study of ours measures. */
  readonly testAccuracy?: number;
  /** On the test split, of the model that was best in validation. */
  readonly testLoss?: number;
  /** On the test split, of a model trained again with the best values on training and validation rows together. */
  readonly refitTestAccuracy?: number;
  /** Parameter values found, for display. */
  readonly values?: Readonly<Record<string, number | string>>;
}

/** A result of another study, whose search space may differ. */
export interface WarmObservation {
  readonly values: Readonly<Record<string, ParameterValue>>;
  /** In the units of this study's objective. */
  readonly objective: number;
}

/** A study as a person asks for it; immutable once accepted. */
export interface StudySpec {
  /** Lower-case letters, digits and hyphens, 1 to 40 characters, starts with a letter. */
  readonly name: string;
  /** At most 2,000 characters. */
  readonly description?: string;
  readonly dataset: DataSetPlan;
  readonly objective: Objective;
  readonly budget: Budget;
  /** Unsigned 32-bit integer. @default 0 */
  readonly seed: number;
  /** @default bayesian */
  readonly oracle: OracleSettings;
  /** `selectionOf` fills it in. @default posterior-mean; observed with the oracle keras-tuner, which does the same */
  readonly selection?: SelectionSettings;
  /** At most 64. Empty for a study that tries one point. */
  readonly parameters: SearchSpace;
  /** What the values must fulfil beside their ranges, for example `min_units <= max_units`; at most 32. @default none */
  readonly constraints?: readonly string[];
  /** Values of the first trials, before the oracle is asked; at most 1,000. @default none */
  readonly enqueue?: readonly ParameterValues[];
  /** Results of other studies that the oracle learns from; at most 1,000. Those outside the space are left out. @default none */
  readonly warmStart?: readonly WarmObservation[];
  /**
   * `TrainingPlan.model`, still with references: a string "$name" stands for the value of that parameter. An entry of
   * `layers` may have `repeat`, 0 to 8: it stands for as many equal layers. @default repeat 1. Resolve with `resolvePlan`.
   */
  readonly model: unknown;
  /** `TrainingPlan.training`, still with references. */
  readonly training: unknown;
  readonly published?: PublishedFigures;
}
