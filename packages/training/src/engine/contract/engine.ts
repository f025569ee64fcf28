import type { TrainingPlan } from "@sintonia/tuning/plan/training-plan";
import type { Examples } from "../../dataset/examples.js";
import type { ModelWeights, NamedTensor } from "../../model/tensor.js";

/** How an engine is asked for. */
export const ENGINE_NAMES = ["onnx", "tfjs-node-gpu", "tfjs-node", "tfjs"] as const;
export type EngineName = (typeof ENGINE_NAMES)[number];

/** All that training goes on from. Only the kind of engine that gave it, with the same threads, goes on to the bit. */
export interface SessionState {
  /** Steps that were taken. */
  readonly steps: number;
  readonly weights: ModelWeights;
  /** What the optimizer remembers of each tensor, in the engine's own form; empty before the first step. */
  readonly slots: readonly NamedTensor[];
}

/** Sums over a number of examples, so that epochs can be averaged exactly as Keras does. */
export interface BatchSums {
  /**
   * Sum of per-example losses, with the model's penalties once for each example. NaN or infinite if training diverged.
   */
  readonly lossSum: number;
  /** Examples whose first largest output is the right class. */
  readonly correct: number;
  readonly count: number;
}

export interface EvaluationResult {
  /** Mean loss, penalties included. */
  readonly loss: number;
  readonly accuracy: number;
  readonly correct: number;
  readonly count: number;
}

/** A model under training in an engine. The caller disposes of it. */
export interface EngineSession {
  /**
   * One optimizer step on the given rows of `examples`.
   * @param rows - indices into `examples`; its length is the batch size of this step
   * @param learningRate - float32 value to use in this step
   * @returns sums over the batch, measured with the weights before the step
   */
  trainBatch(examples: Examples, rows: Uint32Array, learningRate: number): Promise<BatchSums>;
  /**
   * Loss and accuracy over `examples` with the present weights. An engine computes about `batchSize` examples at a time,
   * or more where that is faster; the loss depends on it by rounding only.
   */
  evaluate(examples: Examples, batchSize: number): Promise<EvaluationResult>;
  /** A copy of the present weights. */
  readWeights(): Promise<ModelWeights>;
  /** A copy of all that `open` needs to go on from here with the same bits. */
  readState(): Promise<SessionState>;
  dispose(): Promise<void>;
}

/** Where a session begins. */
export interface SessionStart {
  readonly state: SessionState;
  /** Of the execution: what dropout draws its masks from. Unsigned 32-bit integer. */
  readonly seed: number;
}

/** An engine that was started on this machine. */
export interface Engine {
  readonly name: EngineName;
  /** For logs: library, version, device, threads. */
  readonly description: string;
  /**
   * Opens a plan's model at a state: `freshState` of initial weights, or one that `readState` gave.
   * @throws {ModelShapeError} if plan and state do not fit
   */
  open(plan: TrainingPlan, start: SessionStart): Promise<EngineSession>;
}

/** The state of training before its first step. */
export function freshState(weights: ModelWeights): SessionState {
  return { steps: 0, weights, slots: [] };
}
