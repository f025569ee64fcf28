import type { Examples } from "../dataset/examples.js";
import type { Engine } from "../engine/contract/engine.js";
import type { ModelWeights } from "../model/tensor.js";
import type { TrialState } from "./trial-state.js";

/** What one epoch of one execution measured. Both counted from 0. */
export interface EpochMeasurement {
  readonly execution: number;
  readonly epoch: number;
  /** Keras' names: loss, accuracy, val_loss, val_accuracy; float32 values as numbers. */
  readonly metrics: Readonly<Record<string, number>>;
  /** Learning rate the epoch began with; only a schedule changes it within the epoch. */
  readonly learningRate: number;
  readonly seconds: number;
}

export interface TrainingData {
  readonly train: Examples;
  /** Absent where the plan has no rows for it. */
  readonly validation?: Examples;
}

export type TrialResult =
  | {
      readonly kind: "completed";
      /** Where the weights are from. */
      readonly execution: number;
      readonly epoch: number;
      readonly weights: ModelWeights;
      /** For each execution the epoch whose weights it ended with. */
      readonly keptEpochs: readonly number[];
    }
  | { readonly kind: "infeasible"; readonly message: string }
  | { readonly kind: "stopped" };

export interface TrialContext {
  readonly engine: Engine;
  readonly data: TrainingData;
  /** Called after every epoch, before the next starts, with all that a trial goes on from there; says whether to go on. */
  readonly onEpoch: (measurement: EpochMeasurement, state: TrialState) => Promise<"continue" | "stop">;
  /** Monotonic clock in milliseconds. */
  readonly now: () => number;
  /** Where to go on, as `onEpoch` was told it by a trial of the same plan; from the start where absent. */
  readonly state?: TrialState;
}
