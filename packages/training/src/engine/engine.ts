import type { TrainingPlan } from "@sintonia/tuning/plan/training-plan";

/** How an engine is asked for, in order of preference on a machine with everything: GPU, then CPU. */
export const ENGINE_NAMES = ["onnx", "tfjs-node-gpu", "tfjs-node", "tfjs"] as const;
export type EngineName = (typeof ENGINE_NAMES)[number];

/** One layer's trained parameters: kernel of shape (inputs, units) in row-major order, bias of shape (units,). */
export interface DenseWeights {
  readonly inputs: number;
  readonly units: number;
  readonly kernel: Float32Array;
  readonly bias: Float32Array;
}

/** Weights of a whole model, first layer first. */
export type ModelWeights = readonly DenseWeights[];

/** Examples ready for an engine. */
export interface Examples {
  /** Number of rows. */
  readonly count: number;
  /** Features of one row. */
  readonly features: number;
  /** Shape (count, features), row-major, float32 in [0, 1]. */
  readonly inputs: Float32Array;
  /** Class of each row, shape (count,). */
  readonly labels: Uint8Array;
}

/** Sums over a number of examples, so that epochs can be averaged exactly as Keras does. */
export interface BatchSums {
  /** Sum of per-example losses in nats. NaN or infinite if training diverged. */
  readonly lossSum: number;
  /** Examples whose first largest output is the right class. */
  readonly correct: number;
  readonly count: number;
}

export interface EvaluationResult {
  /** Mean loss in nats. */
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
  /** Loss and accuracy over `examples` with the present weights, in batches of at most `batchSize`. */
  evaluate(examples: Examples, batchSize: number): Promise<EvaluationResult>;
  /** A copy of the present weights. */
  readWeights(): Promise<ModelWeights>;
  dispose(): Promise<void>;
}

/** An engine that was started on this machine. */
export interface Engine {
  readonly name: EngineName;
  /** For logs: library, version, device, threads. */
  readonly description: string;
  /** Starts training of a plan's model from the given initial weights, with fresh optimizer state. */
  open(plan: TrainingPlan, initialWeights: ModelWeights): Promise<EngineSession>;
}
