import type { CallbacksState } from "../callback/callbacks.js";
import type { SessionState } from "../engine/contract/engine.js";
import type { ModelWeights } from "../model/tensor.js";

/** The weights at the end of one epoch. */
export interface EpochWeights {
  /** Counted from 0. */
  readonly execution: number;
  /** Counted from 0. */
  readonly epoch: number;
  /** Value of the objective's metric. */
  readonly value: number;
  readonly weights: ModelWeights;
}

/** The results of the executions that have ended. */
export interface EndedExecutions {
  /** Best of the weights that the executions ended with; absent before the first has ended. */
  readonly best?: EpochWeights;
  /** For each execution, the epoch whose weights it ended with. */
  readonly keptEpochs: readonly number[];
}

/**
 * The complete state of a trial between two epochs. Batch order and dropout masks are functions of
 * seed, epoch and step, so that the state holds no random generator. The tensors are copies;
 * nothing writes to them.
 */
export interface TrialState extends EndedExecutions {
  /** The execution in progress, counted from 0. */
  readonly execution: number;
  /** Its next epoch, at least 1; all epochs before it are measured. */
  readonly epoch: number;
  readonly session: SessionState;
  readonly callbacks: CallbacksState;
  /** The weights that the execution in progress would end with. */
  readonly kept: EpochWeights;
}
