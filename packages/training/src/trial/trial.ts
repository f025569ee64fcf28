import type { TrainingDirective } from "@sintonia/protocol/directive";
import type { Measurement } from "@sintonia/protocol/measurement";
import type { OptimizerPlan, TrainingPlan } from "@sintonia/tuning/plan/training-plan";
import type { Examples } from "../dataset/examples.js";
import type { Engine } from "../engine/contract/engine.js";
import type { ModelWeights } from "../model/tensor.js";
import type { TrialState } from "./trial-state.js";

/** The examples of a trial. */
export interface TrainingData {
  readonly train: Examples;
  /** Absent if the plan has no validation rows. */
  readonly validation?: Examples;
}

/** The end of a trial. */
export type TrialResult =
  | {
      readonly kind: "completed";
      /** Execution and epoch that `weights` belong to, counted from 0. */
      readonly execution: number;
      readonly epoch: number;
      readonly weights: ModelWeights;
      /** For each execution, the epoch whose weights it ended with. */
      readonly keptEpochs: readonly number[];
    }
  | { readonly kind: "infeasible"; readonly message: string }
  | { readonly kind: "stopped" };

/** The parts of a plan that the loop over executions and epochs reads. */
export interface EpochsPlan extends Pick<TrainingPlan, "objective" | "seeds"> {
  readonly training: Pick<TrainingPlan["training"], "batchSize" | "maxEpochs" | "callbacks" | "keep"> & {
    readonly optimizer: Pick<OptimizerPlan, "learningRate">;
  };
}

/** Everything that a trial needs beside its plan. */
export interface TrialContext {
  readonly engine: Engine;
  readonly data: TrainingData;
  /**
   * Returns the examples of an execution, counted from 0, of a plan with folds.
   *
   * @default `data` for every execution
   */
  readonly dataOf?: (execution: number) => Promise<TrainingData>;
  /**
   * Called after every epoch; the next epoch waits for the answer.
   *
   * @param state - complete state of the trial: `trainTrial` resumes from it
   * @returns "stop" to end the trial as stopped
   */
  readonly onEpoch: (measurement: Measurement, state: TrialState) => Promise<TrainingDirective>;
  /** Monotonic clock in milliseconds. */
  readonly now: () => number;
  /**
   * A state that `onEpoch` received in a trial of the same plan. If absent, the trial starts from
   * initial weights.
   */
  readonly state?: TrialState;
}
