import type { OptimizerPlan } from "@sintonia/tuning/plan/training-plan";
import type { EpochMetrics } from "./metric.js";

/** An epoch that has ended, as a callback sees it. */
export interface EpochEnd {
  /** Counted from 0. */
  readonly epoch: number;
  readonly metrics: EpochMetrics;
  /**
   * Learning rate of the next epoch so far, a float32 value; or the plan's schedule, which no
   * callback changes.
   */
  readonly learningRate: OptimizerPlan["learningRate"];
}

/** The decision of a callback at the end of an epoch. */
export interface CallbackDecision<State> {
  readonly state: State;
  /** Learning rate of the next epoch, a float32 value. @default unchanged */
  readonly learningRate?: number;
  /** True ends the training. @default false */
  readonly stop?: boolean;
}

/**
 * A callback as pure functions of its plan and its state.
 *
 * `State` is plain JSON, because checkpoints hold it.
 */
export interface Callback<Plan, State> {
  /** State before the first epoch. */
  readonly start: State;
  /** Decides at the end of an epoch. */
  onEpochEnd(plan: Plan, state: State, ended: EpochEnd): CallbackDecision<State>;
  /**
   * Returns the epoch whose weights this callback would restore if training ended now, counted
   * from 0; null for none. The epoch may only change to the one that has just ended, so that one
   * copy of the weights is enough.
   *
   * @default null
   */
  restoredEpoch?(plan: Plan, state: State): number | null;
  /**
   * True if a training that diverges ends with the epochs before it, instead of making its trial
   * infeasible.
   */
  readonly endsDivergedTraining?: boolean;
}
