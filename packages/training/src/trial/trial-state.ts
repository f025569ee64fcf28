import type { CallbacksState } from "../callback/callbacks.js";
import type { SessionState } from "../engine/contract/engine.js";
import type { ModelWeights } from "../model/tensor.js";

/** Weights at the end of one epoch. */
export interface EpochWeights {
  readonly execution: number;
  readonly epoch: number;
  /** Value of the objective's metric. */
  readonly value: number;
  readonly weights: ModelWeights;
}

/** What is left of executions that have ended. */
export interface EndedExecutions {
  /** The best of the weights that they ended with; absent before the first. */
  readonly best?: EpochWeights;
  /** For each of them the epoch whose weights it ended with. */
  readonly keptEpochs: readonly number[];
}

/**
 * All that a trial goes on from between two epochs. Batch order and dropout masks are functions of seed, epoch and step, so
 * there is no generator among it. Its tensors are copies that nobody writes to.
 */
export interface TrialState extends EndedExecutions {
  /** Execution under way, counted from 0. */
  readonly execution: number;
  /** Its next epoch, at least 1: epochs before it are measured. */
  readonly epoch: number;
  readonly session: SessionState;
  readonly callbacks: CallbacksState;
  /** What the execution under way would end with. */
  readonly kept: EpochWeights;
}
