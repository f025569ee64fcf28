import type { TrainingDirective } from "@sintonia/protocol/directive";
import type { Measurement } from "@sintonia/protocol/measurement";
import type { Examples } from "../dataset/examples.js";
import type { Engine } from "../engine/contract/engine.js";
import type { ModelWeights } from "../model/tensor.js";
import type { TrialState } from "./trial-state.js";

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
  readonly onEpoch: (measurement: Measurement, state: TrialState) => Promise<TrainingDirective>;
  /** Monotonic clock in milliseconds. */
  readonly now: () => number;
  /** Where to go on, as `onEpoch` was told it by a trial of the same plan; from the start where absent. */
  readonly state?: TrialState;
}
