import type { FrontPick, ObjectiveField } from "../aims/aims.js";
import type { Goal } from "../objective/goal.js";
import type { NamedDataSet } from "../plan/data-set/named-data-set.js";
import { type MetricRange, rangeOfMetric, scoreOfMetric, UNBOUNDED } from "../plan/metric.js";
import { isModuleModel, type ModuleModel } from "../plan/module-plan.js";
import type { Program, ProgramTest } from "../plan/program-plan.js";
import type { DataSetPlan, Objective } from "../plan/training-plan.js";
import type { PrunerSettings } from "../pruner/contract/settings.js";
import type { ParameterValue, ParameterValues, SearchSpace } from "../space/parameter.js";
import type { Resources } from "./resources.js";

/**
 * The limits of a study's search; the first that is reached ends it. Replicates of the selection
 * rule, the test run and the evaluation come after the search, and count for none of the limits.
 */
export interface SearchLimits {
  /**
   * Upper limit of created trials, whatever their end; 1 to 10,000.
   *
   * @default 10,000 if the budget has another limit of the search; else required
   */
  readonly maxTrials: number;
  /**
   * Upper limit of reported epochs of all trials over all executions and attempts: an epoch that a
   * later attempt trains again counts again; 1 to 1,000,000,000. A program's reports are its
   * epochs.
   *
   * @default no limit
   */
  readonly maxEpochs?: number;
  /**
   * Upper limit of the seconds in which the study is active, without pauses and interruptions;
   * above 0, at most 315,360,000 (ten years).
   *
   * @default no limit
   */
  readonly maxSeconds?: number;
  /**
   * Upper limit of the seconds under leases, summed over all trainers; above 0, at most
   * 31,536,000,000 (ten years of 100 trainers).
   *
   * @default no limit
   */
  readonly maxTrainerSeconds?: number;
  /**
   * Ends the search once the expected improvement of the Bayesian oracle's suggestion is below this
   * number, in the units of the objective; above 0.
   *
   * @default no such end
   */
  readonly minImprovement?: number;
  /**
   * Ends the search once the best posterior mean of a trial is within this distance of the best
   * upper end of a 95 % interval over the space. In the units of the objective; above 0.
   *
   * @default no such end
   */
  readonly maxGap?: number;
}

/** The name of a limit of the search. */
export type SearchLimit = keyof SearchLimits;

/** The limits of a study. */
export interface Budget extends SearchLimits {
  /** Trainings of one trial with different seeds; 1 to 100. @default 1 */
  readonly executionsPerTrial: number;
  /**
   * Failed trials in a row (in order of their ends) that fail the study; 1 to 10,000. Once a trial
   * has completed, the Bayesian oracle gets one try at a point that almost certainly completes.
   *
   * @default 3
   */
  readonly maxConsecutiveFailures: number;
  /**
   * Attempts of one trial, the first included, before a lost lease fails it; 1 to 100.
   *
   * @default 3
   */
  readonly maxAttemptsPerTrial: number;
  /**
   * Seconds under leases after which a trial is infeasible, summed over its attempts; above 0, at
   * most 315,360,000 (ten years). A trial that has reported the last epoch of its plan is not
   * affected.
   *
   * @default no limit
   */
  readonly maxSecondsPerTrial?: number;
  /** Trials outstanding at once; 1 to 1,024. @default one per live trainer, at least one */
  readonly parallelTrials?: number;
}

/** The name of an oracle. */
export type OracleName = "bayesian" | "random" | "quasi-random" | "grid" | "keras-tuner";

/** What the share of a full training is counted in; `none`: final results alone are evidence. */
export type FidelityName = "epochs" | "none";

/** The oracle that suggests values, with its settings. */
export interface OracleSettings {
  readonly type: OracleName;
  /** For `keras-tuner`: true keeps the defects of the original. @default false */
  readonly faithful?: boolean;
  /**
   * For `bayesian` with one objective: `epochs` makes results below the full budget evidence too.
   * `withFidelity` fills it in for pruners with rungs, and for a warm start with such results.
   *
   * @default none: final results only, and pruned trials as `withPrunedTrials` counts them
   */
  readonly fidelity?: FidelityName;
}

/** The rule that chooses the best trial. */
export type SelectionRule = "posterior-mean" | "observed" | "replicate";

/** The rule that chooses the best trial after the budget is spent; see `selectBest`. */
export type SelectionSettings =
  | { readonly rule: "posterior-mean" | "observed" }
  | {
      readonly rule: "replicate";
      /** Number of contenders, the trials of the best posterior means; 2 to 20. @default 3 */
      readonly top: number;
      /** New executions of each contender, in addition to the budget; 2 to 100. @default 5 */
      readonly executions: number;
    };

/**
 * Published figures of this experiment, shown for comparison. Accuracies in [0, 1], losses in nats.
 */
export interface PublishedFigures {
  readonly source?: string;
  /** Best validation accuracy. */
  readonly valAccuracy?: number;
  /** On the test split, of the model that was best in validation; a study measures the same. */
  readonly testAccuracy?: number;
  /** On the test split, of the model that was best in validation. */
  readonly testLoss?: number;
  /**
   * On the test split, of a model trained again with the best values on training and validation
   * rows together.
   */
  readonly refitTestAccuracy?: number;
  /** Parameter values found, for display. */
  readonly values?: Readonly<Record<string, number | string>>;
}

/** A result of another study, whose search space may differ. */
export interface WarmObservation {
  readonly values: Readonly<Record<string, ParameterValue>>;
  /** In the units of this study's objective. */
  readonly objective: number;
  /**
   * Share of this study's full budget that it was measured with, such as a part of the training
   * data; above 0, at most 1. Below 1, the oracle needs `fidelity: epochs`.
   *
   * @default 1
   */
  readonly fidelity?: number;
}

/** The part of a study spec that does not depend on what a trial trains. */
interface StudyBase {
  /** Lower-case letters, digits and hyphens, 1 to 40 characters, starts with a letter. */
  readonly name: string;
  /** At most 2,000 characters. */
  readonly description?: string;
  /** The first of `objectives`, if there are several: it decides which epoch a trial keeps. */
  readonly objective: { readonly metric: string; readonly goal: Goal };
  /** Two to four objectives, each an outcome of a trial. @default `objective` alone */
  readonly objectives?: readonly ObjectiveField[];
  /**
   * Limits on outcomes of a trial, for example `val_loss <= 0.1`; at most 16. The best trial keeps
   * them if any trial does.
   *
   * @default none
   */
  readonly limits?: readonly string[];
  /** The rule that picks one trial of the front of several objectives. @default knee */
  readonly pick?: FrontPick;
  /** True to read the test split for each trial of the front. @default the picked one alone */
  readonly testFront?: boolean;
  readonly budget: Budget;
  /**
   * What a trainer must have to take a trial.
   *
   * @default nothing
   */
  readonly resources?: Resources;
  /** Unsigned 32-bit integer. @default 0 */
  readonly seed: number;
  /** @default bayesian */
  readonly oracle: OracleSettings;
  /**
   * Ends trials early that are behind others. Replicates and test runs are never pruned.
   *
   * @default none
   */
  readonly pruner?: PrunerSettings;
  /**
   * `selectionOf` fills it in.
   *
   * @default posterior-mean; observed with the oracle keras-tuner, which does the same
   */
  readonly selection?: SelectionSettings;
  /** At most 64. Empty for a study that tries one point. */
  readonly parameters: SearchSpace;
  /**
   * Linear constraints on the values, for example `min_units <= max_units`; at most 32.
   *
   * @default none
   */
  readonly constraints?: readonly string[];
  /**
   * Values of the first trials, before the oracle is asked; at most 1,000. `enqueuedValues` fills
   * in missing ones.
   *
   * @default none
   */
  readonly enqueue?: readonly ParameterValues[];
  /**
   * Results of other studies as observations; at most 1,000. Ignored outside the space.
   *
   * @default none
   */
  readonly warmStart?: readonly WarmObservation[];
  readonly published?: PublishedFigures;
}

/** A study whose trials train a network in one of our engines. */
export interface NetworkStudy extends StudyBase {
  readonly dataset: DataSetPlan;
  readonly objective: Objective;
  /**
   * `TrainingPlan.model`, still with references: a string "$name" stands for the value of that
   * parameter. An entry of `layers` may have `repeat`, 0 to 8: it stands for that number of equal
   * layers.
   * @default repeat 1. Resolve with `resolvePlan`.
   */
  readonly model: unknown;
  /** `TrainingPlan.training`, still with references. */
  readonly training: unknown;
  readonly program?: never;
}

/** A study whose trials train a network on a known data set. */
export interface NamedDataStudy extends NetworkStudy {
  readonly dataset: NamedDataSet;
}

/** The model of a module's study. A list of files names them by path, before they are stored. */
export interface ModuleModelPart {
  /** Path of the module, relative to the folder of the spec. */
  readonly module: string;
  /** @default the module alone, not stored yet */
  readonly files?: ModuleModel["files"] | readonly string[];
}

/** A study whose trials train the model that a module builds. */
export interface ModuleStudy extends StudyBase {
  readonly dataset: DataSetPlan;
  readonly objective: Objective;
  readonly model: ModuleModelPart;
  /** `ModulePlan.training`, still with references. */
  readonly training: unknown;
  readonly program?: never;
}

/**
 * The program of a study spec. A word of its command may have references: "${name}" stands for the
 * value of that parameter. A list of files names them by path, before they are stored.
 */
export interface ProgramPart extends Omit<Program, "files"> {
  readonly files?: Program["files"] | readonly string[];
  /** Runs once, with the values and the artifacts of the best trial. @default no test */
  readonly test?: ProgramTest;
}

/** A study whose trials run a program. */
export interface ProgramStudy extends StudyBase {
  readonly program: ProgramPart;
  /** `ProgramPlan.training`, whose epochs may refer to a parameter. @default none */
  readonly training?: { readonly maxEpochs: number | string };
  readonly dataset?: never;
  readonly model?: never;
}

/** A study spec; immutable once accepted. */
export type StudySpec = NetworkStudy | ModuleStudy | ProgramStudy;

/** Returns true for a study of a program. */
export function isProgramStudy(spec: StudySpec): spec is ProgramStudy {
  return spec.program !== undefined;
}

/** Returns true for a study of a module's models. */
export function isModuleStudy(spec: StudySpec): spec is ModuleStudy {
  return spec.program === undefined && isModuleModel(spec.model);
}

/** Returns the range of a study's objective. Programs and modules define metrics of their own. */
export function objectiveRange(spec: StudySpec): MetricRange {
  const { metric } = spec.objective;
  const isDefined = !isProgramStudy(spec) && (!isModuleStudy(spec) || scoreOfMetric(metric) !== undefined);
  return isDefined ? rangeOfMetric(metric) : UNBOUNDED;
}
