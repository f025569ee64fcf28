// The settings of the pruners, as a study spec has them. An epoch counts from 1 here.

/** Prunes nothing. */
export interface NoPrunerSettings {
  readonly type: "none";
}

/** When a pruner compares a trial with completed trials. */
export interface ComparisonSettings {
  /** Completed trials of the study before the first comparison; 0 to 10,000. @default 5 */
  readonly startupTrials: number;
  /** First epochs of each execution without a comparison; 0 to 10,000. @default 0 */
  readonly warmupEpochs: number;
  /** Epochs from one comparison to the next; 1 to 10,000. @default 1 */
  readonly interval: number;
  /**
   * Completed trials with a value in the same epoch that a comparison needs; 1 to 10,000.
   *
   * @default 1
   */
  readonly minTrials: number;
}

/** Prunes a trial that is worse than the median of the completed trials. */
export interface MedianSettings extends ComparisonSettings {
  readonly type: "median";
}

/** Prunes a trial that is not among the best share of the completed trials. */
export interface PercentileSettings extends ComparisonSettings {
  readonly type: "percentile";
  /** The share of the completed trials that counts as good, in percent; 0 to 100. */
  readonly percentile: number;
}

/** Prunes a trial whose objective is outside a range; at least one limit is present. */
export interface ThresholdSettings {
  readonly type: "threshold";
  /** Smallest objective of a trial that goes on. @default none */
  readonly lower?: number;
  /** Largest objective of a trial that goes on, at least `lower`. @default none */
  readonly upper?: number;
  /** First epochs of each execution without a comparison; 0 to 10,000. @default 0 */
  readonly warmupEpochs: number;
  /** Epochs from one comparison to the next; 1 to 10,000. @default 1 */
  readonly interval: number;
}

/** Prunes a trial that is probably worse than the best completed trial. */
export interface WilcoxonSettings {
  readonly type: "wilcoxon";
  /** Largest p-value for which a trial goes on; above 0, below 1. @default 0.1 */
  readonly pThreshold: number;
  /**
   * Steps that both trials have before the first test; 0 to 10,000; two at least are needed.
   *
   * @default 2
   */
  readonly startupSteps: number;
}

/** Pauses trials at rungs and promotes the best of them: asynchronous successive halving. */
export interface AshaSettings {
  readonly type: "asha";
  /** Epochs of the first rung; 1 to 10,000. @default 1 */
  readonly minEpochs: number;
  /**
   * Ratio of the epochs of successive rungs, and of their numbers of trials; 2 to 100.
   *
   * @default 4
   */
  readonly reductionFactor: number;
}

/** Halves trials in several brackets, which differ in their first rung. */
export interface HyperbandSettings {
  readonly type: "hyperband";
  /** Fewest epochs of a rung; 1 to 10,000. @default 1 */
  readonly minEpochs: number;
  /** Epochs of a promoted trial, at least `minEpochs`; 1 to 10,000. @default the plan's */
  readonly maxEpochs?: number;
  /**
   * Ratio of the epochs of successive rungs, and of their numbers of trials; 2 to 100.
   *
   * @default 3
   */
  readonly reductionFactor: number;
}

/**
 * Pauses trials at rungs, promotes the best of them, and prunes a trial whose learning curve will
 * hardly end significantly better than the best one.
 */
export interface CurveSettings {
  readonly type: "curve";
  /**
   * Probability below which a trial is pruned between rungs; above 0 and below 1.
   *
   * @default 0.01; with `finalists`, no trial is pruned between rungs
   */
  readonly risk?: number;
  /**
   * Trials that at least go on to their end; 1 to 10,000. Fewer, if `risk` prunes some on the way.
   *
   * @default one of 16 trials, at least one
   */
  readonly finalists?: number;
}

/** The pruner of a study, with its settings. */
export type PrunerSettings =
  | NoPrunerSettings
  | MedianSettings
  | PercentileSettings
  | ThresholdSettings
  | WilcoxonSettings
  | AshaSettings
  | HyperbandSettings
  | CurveSettings;
