import type { Goal } from "../../objective/goal.js";

/** The name of a pruner. */
export type PrunerName = "none" | "median" | "percentile" | "threshold" | "wilcoxon" | "asha" | "hyperband" | "curve";

/** The learning curve of a trial of the search, whatever its state. */
export interface LearningCurve {
  /** Number of the trial in its study, from 0. */
  readonly trialNumber: number;
  /**
   * `paused` waits at a rung for its promotion. `ended` is a trial that was pruned, that failed, or
   * that was cancelled: its curve is short for another reason than its values.
   */
  readonly state: "running" | "paused" | "completed" | "pruned" | "ended";
  /**
   * The objective of each epoch, by execution, in the units of the study; at least one execution in
   * a curve with an epoch. Finite numbers.
   */
  readonly executions: readonly (readonly number[])[];
  /** The learning rate at the start of each epoch, by execution. */
  readonly learningRates: readonly (readonly number[])[];
  /** Epochs of the highest rung that the trial was promoted from; 0 before its first promotion. */
  readonly promotedFrom: number;
}

/** Everything that a pruner's verdict depends on. A pruner keeps no state between calls. */
export interface PruningRequest {
  readonly goal: Goal;
  /** The trial that has just reported the last epoch of its curve. */
  readonly trial: LearningCurve;
  /** The other trials of the search, in the order of their numbers. */
  readonly others: readonly LearningCurve[];
  /** Largest number of epochs that any plan of the study allows; undefined for a program. */
  readonly maxEpochs: number | undefined;
  /** Number of executions of the trial. */
  readonly executions: number;
  /**
   * Number of validation rows if the objective is the share of correct ones. Undefined for any
   * other objective, and if the number is unknown.
   */
  readonly rows?: number | undefined;
}

/** The stage of a search, by what can still begin and what is under way. */
export interface SearchStage {
  /** True if a further trial can begin. */
  readonly canBegin: boolean;
  /** True if no trial is under way and none can begin: at least one must go on to its end. */
  readonly isLast: boolean;
}

/** The arguments of a choice among paused trials. */
export interface PromotionRequest extends SearchStage {
  readonly goal: Goal;
  /** All trials of the search, in the order of their numbers. */
  readonly trials: readonly LearningCurve[];
  /** Largest number of epochs that any plan of the study allows; undefined for a program. */
  readonly maxEpochs: number | undefined;
}

/** A promotion of a trial from a rung. */
export interface Promotion {
  readonly trialNumber: number;
  /** Epochs of the rung. */
  readonly rung: number;
}

/** The facts for which a trial was pruned or paused. */
export interface Evidence {
  readonly pruner: PrunerName;
  /** Execution and epoch of the verdict, from 0. */
  readonly execution: number;
  readonly epoch: number;
  /** The figure of the trial that was judged. */
  readonly value: number;
  /** The figure that it was compared with. */
  readonly limit: number;
  /** Number of trials that the limit comes from. */
  readonly trials?: number;
  /** Number of the bracket, from 0. */
  readonly bracket?: number;
}

/** A pruner's answer to a reported epoch. */
export type Verdict =
  | { readonly kind: "continue" }
  /** The trial goes on from a rung at once; `rung` has its number of epochs. */
  | { readonly kind: "promote"; readonly rung: number }
  | { readonly kind: "prune"; readonly evidence: Evidence }
  /** The trial waits at a rung for its promotion. */
  | { readonly kind: "pause"; readonly evidence: Evidence };

/** Decides at each reported epoch whether a trial goes on. A pure function of its request. */
export interface Pruner {
  judge(request: PruningRequest): Verdict;
  /** Returns the paused trials to promote, best first; absent in a pruner that pauses none. */
  promotions?(request: PromotionRequest): readonly Promotion[];
  /** Says in one line for a person why a trial was pruned. */
  reason(evidence: Evidence, metric: string): string;
}
