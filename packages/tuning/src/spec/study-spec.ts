import type { DataSetPlan, Objective } from "../plan/training-plan.js";
import type { SearchSpace } from "../space/parameter.js";

export interface Budget {
  /** Trials created at most, whatever their end; 1 to 10,000. */
  readonly maxTrials: number;
  /** Trainings of one trial with different seeds; 1 to 100. @default 1 */
  readonly executionsPerTrial: number;
  /** Failed trials in a row (in order of their ends) that fail the study; at least 1. @default 3 */
  readonly maxConsecutiveFailures: number;
  /** Attempts of one trial, the first included, before a lost lease fails it; 1 to 100. @default 3 */
  readonly maxAttemptsPerTrial: number;
  /** Trials outstanding at once; 1 to 1,024. @default one per live trainer, at least one */
  readonly parallelTrials?: number;
}

export type OracleName = "bayesian" | "random";

/** A figure that somebody published for this experiment, shown beside ours. Accuracies in [0, 1], losses in nats. */
export interface PublishedFigures {
  readonly source?: string;
  readonly valAccuracy?: number;
  readonly testAccuracy?: number;
  readonly testLoss?: number;
  /** Parameter values found, for display. */
  readonly values?: Readonly<Record<string, number | string>>;
}

/** A study as a person asks for it; immutable once accepted. */
export interface StudySpec {
  /** Lower-case letters, digits and hyphens, 1 to 40 characters, starts with a letter. */
  readonly name: string;
  readonly description?: string;
  readonly dataset: DataSetPlan;
  readonly objective: Objective;
  readonly budget: Budget;
  /** Unsigned 32-bit integer. @default 0 */
  readonly seed: number;
  readonly oracle: { readonly type: OracleName };
  readonly parameters: SearchSpace;
  /** Still with references: a string "$name" stands for the value of that parameter. Resolve with `resolvePlan`. */
  readonly model: unknown;
  /** Still with references, as `model`. */
  readonly training: unknown;
  readonly published?: PublishedFigures;
}
