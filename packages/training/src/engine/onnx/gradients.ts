import type { LossPlan } from "@sintonia/tuning/plan/training-plan";
import type { Examples } from "../../dataset/examples.js";
import type { ExampleForm } from "../../model/example-form.js";
import { type ModelShape, sizeOf } from "../../model/model-shape.js";
import type { NamedTensor } from "../../model/tensor.js";
import type { BatchSums } from "../contract/engine.js";
import { Batch, batchTensors } from "./batch.js";
import { type BatchMasks, DropoutMasks } from "./dropout-masks.js";
import { updateParts } from "./graph/layer/tensor-update.js";
import { CORRECT, LOSS_SUM } from "./graph/loss/losses.js";
import { BATCH_SHARE, trainingGraph } from "./graph/model-graphs.js";
import {
  createSession,
  type InferenceSession,
  type OnnxRuntime,
  type Scalar,
  scalar,
  type Tensors,
  tensorsOver,
} from "./runtime.js";
import type { SessionMemory } from "./session-memory.js";

/** The options of `Gradients`. */
interface GradientsOptions {
  readonly shape: ModelShape;
  readonly loss: LossPlan;
  readonly form: ExampleForm;
  /**
   * The memory of the weights, which the graph reads, and of their updates, which the graph
   * writes.
   */
  readonly memory: SessionMemory;
  /** Seed of the dropout masks. */
  readonly seed: number;
  readonly threads: number;
}

/**
 * The first half of a training step, computed by ONNX Runtime: the measures of a batch, and the
 * update of every tensor.
 */
export class Gradients {
  readonly #runtime: OnnxRuntime;
  readonly #session: InferenceSession;
  readonly #batch: Batch;
  readonly #masks: DropoutMasks;
  #batchMasks: BatchMasks;
  readonly #share: Scalar;
  readonly #lossSum: Scalar;
  readonly #correct: Scalar;
  /** Created once: a step creates tensors only if the batch size changes. */
  readonly #feeds: Tensors;
  readonly #fetches: Tensors;

  /** Compiles the training graph. */
  static async create(runtime: OnnxRuntime, options: GradientsOptions): Promise<Gradients> {
    const graph = trainingGraph(options.shape, options.loss, options.form);
    return new Gradients(runtime, await createSession(runtime, graph, options), options);
  }

  private constructor(runtime: OnnxRuntime, session: InferenceSession, { shape, memory, seed }: GradientsOptions) {
    this.#runtime = runtime;
    this.#session = session;
    this.#batch = new Batch();
    this.#masks = new DropoutMasks(shape, seed);
    this.#batchMasks = this.#masks.forRows(runtime, 0);
    this.#share = scalar(runtime);
    this.#lossSum = scalar(runtime);
    this.#correct = scalar(runtime);
    this.#feeds = { ...tensorsOver(runtime, memory.weights), [BATCH_SHARE]: this.#share.tensor };
    this.#fetches = {
      ...tensorsOver(runtime, memory.updates.flatMap(partsOf)),
      [LOSS_SUM]: this.#lossSum.tensor,
      [CORRECT]: this.#correct.tensor,
    };
  }

  /**
   * Computes a step up to the updates, which it writes into the session's memory.
   *
   * @param step - number of steps before this one
   * @returns sums without penalties
   */
  async compute(examples: Examples, rows: Uint32Array, step: number): Promise<BatchSums> {
    const { values } = this.#batch;
    this.#batch.load(examples, rows);
    if (values !== this.#batch.values) this.#bindBatch();
    this.#batchMasks.fill(step);
    await this.#session.run(this.#feeds, this.#fetches);
    return { lossSum: this.#lossSum.value, correct: this.#correct.value, count: rows.length };
  }

  /** Releases the compiled graph. */
  async dispose(): Promise<void> {
    await this.#session.release();
  }

  /** Creates the tensors of a new batch size. */
  #bindBatch(): void {
    const { values } = this.#batch;
    this.#batchMasks = this.#masks.forRows(this.#runtime, values.rows);
    Object.assign(this.#feeds, batchTensors(this.#runtime, values), this.#batchMasks.tensors);
    this.#share.value = 1 / values.rows;
  }
}

/** Returns the parts of an update as views of its memory. */
function partsOf(update: NamedTensor): NamedTensor[] {
  return updateParts(update).map(({ name, shape, rows: [start, end] }) => {
    const rowValues = sizeOf(shape) / (end - start);
    return { name, shape, values: update.values.subarray(start * rowValues, end * rowValues) };
  });
}
