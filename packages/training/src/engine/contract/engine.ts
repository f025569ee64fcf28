import type { TrainingPlan } from "@sintonia/tuning/plan/training-plan";
import type { Examples } from "../../dataset/examples.js";
import type { ModelWeights, NamedTensor } from "../../model/tensor.js";

/** The names of all engines, in the order in which programs list them. */
export const ENGINE_NAMES = ["onnx", "tfjs-node-gpu", "tfjs-node", "tfjs"] as const;
/** The name of an engine. */
export type EngineName = (typeof ENGINE_NAMES)[number];

/**
 * The complete state of a training between two steps. Training resumes with the same bits only in
 * the engine that gave the state, with the same number of threads.
 */
export interface SessionState {
  /** Number of steps so far. */
  readonly steps: number;
  readonly weights: ModelWeights;
  /**
   * The optimizer's slots (momentum, velocity ...) in the engine's own form; empty before the
   * first step.
   */
  readonly slots: readonly NamedTensor[];
}

/**
 * Sums over the examples of a batch. Means over an epoch are computed from sums, exactly as Keras
 * does.
 */
export interface BatchSums {
  /**
   * Sum over the examples of weighted loss plus penalties of the model. NaN or infinite if
   * training diverged.
   */
  readonly lossSum: number;
  /**
   * Number of examples whose largest output is at the label, of equal outputs the first; or whose
   * only output is above 1/2 for class 1 of two. 0 for targets that are values.
   */
  readonly correct: number;
  readonly count: number;
}

/** The measures of a model on a set of examples. */
export interface EvaluationResult {
  /** Weighted sum of the losses divided by the number of examples, penalties included. */
  readonly loss: number;
  readonly accuracy: number;
  /** As in `BatchSums`. */
  readonly correct: number;
  readonly count: number;
}

/** A model in training. The caller disposes of the session. */
export interface EngineSession {
  /**
   * Takes one optimizer step on the given rows of `examples`.
   *
   * @param rows - indices into `examples`; their number is the batch size of this step
   * @param learningRate - float32 value
   * @returns sums over the batch, measured with the weights before the step
   */
  trainBatch(examples: Examples, rows: Uint32Array, learningRate: number): Promise<BatchSums>;
  /**
   * Measures the present weights on `examples`.
   *
   * @param batchSize - number of examples computed at a time. An engine may take more if that is
   * faster. The loss depends on the batch size only by rounding.
   */
  evaluate(examples: Examples, batchSize: number): Promise<EvaluationResult>;
  /**
   * Computes the outputs of the present weights in inference, after the last layer's activation.
   * The targets of the examples are not read.
   *
   * @param batchSize - as in `evaluate`
   * @returns shape (count, outputs), row-major
   */
  predict(examples: Examples, batchSize: number): Promise<Float32Array>;
  /** Returns a copy of the present weights. */
  readWeights(): Promise<ModelWeights>;
  /**
   * Returns a copy of the complete state: a session opened at this state continues with the same
   * bits.
   */
  readState(): Promise<SessionState>;
  /** Frees all memory of the session. The session must not be used afterwards. */
  dispose(): Promise<void>;
}

/** The starting point of a session. */
export interface SessionStart {
  readonly state: SessionState;
  /** Seed of the execution, an unsigned 32-bit integer; dropout masks are drawn from it. */
  readonly seed: number;
}

/** An engine that was started on this machine. */
export interface Engine {
  readonly name: EngineName;
  /**
   * Library, version, device and threads, for logs. Checkpoints of other descriptions are refused.
   */
  readonly description: string;
  /**
   * Opens a plan's model at a state: `freshState` of initial weights, or a state that `readState`
   * returned.
   *
   * @throws {ModelShapeError} if plan and state do not fit
   */
  open(plan: TrainingPlan, start: SessionStart): Promise<EngineSession>;
}

/** Returns the state before the first step. */
export function freshState(weights: ModelWeights): SessionState {
  return { steps: 0, weights, slots: [] };
}
