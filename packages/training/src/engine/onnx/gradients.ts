import type { LossPlan } from "@sintonia/tuning/plan/training-plan";
import type { Examples } from "../../dataset/examples.js";
import { type ModelShape, sizeOf } from "../../model/model-shape.js";
import type { NamedTensor } from "../../model/tensor.js";
import type { BatchSums } from "../contract/engine.js";
import { Batch } from "./batch.js";
import { DropoutMasks } from "./dropout-masks.js";
import { updateParts } from "./graph/layer/tensor-update.js";
import { CORRECT, LOSS_SUM } from "./graph/loss/losses.js";
import { BATCH_SHARE, INPUTS, LABELS, trainingGraph } from "./graph/model-graphs.js";
import {
  batchTensors,
  createSession,
  type InferenceSession,
  type OnnxRuntime,
  type Scalar,
  scalar,
  type Tensors,
  tensorsOver,
} from "./runtime.js";
import type { SessionMemory } from "./session-memory.js";

export interface GradientsOptions {
  readonly shape: ModelShape;
  readonly loss: LossPlan;
  /** Where weights are read and their updates are written. */
  readonly memory: SessionMemory;
  /** Of the dropout masks. */
  readonly seed: number;
  readonly threads: number;
}

/** The part of a step that ONNX Runtime computes: the loss of a batch, and the update of every tensor. */
export class Gradients {
  readonly #runtime: OnnxRuntime;
  readonly #session: InferenceSession;
  readonly #batch: Batch;
  readonly #masks: DropoutMasks;
  readonly #share: Scalar;
  readonly #lossSum: Scalar;
  readonly #correct: Scalar;
  /** Made once: a step creates no tensor unless the batch size changes. */
  readonly #feeds: Tensors;
  readonly #fetches: Tensors;
  #boundLabels: Uint8Array | undefined;

  static async create(runtime: OnnxRuntime, options: GradientsOptions): Promise<Gradients> {
    const graph = trainingGraph(options.shape, options.loss);
    return new Gradients(runtime, await createSession(runtime, graph, options), options);
  }

  private constructor(runtime: OnnxRuntime, session: InferenceSession, { shape, memory, seed }: GradientsOptions) {
    this.#runtime = runtime;
    this.#session = session;
    this.#batch = new Batch(shape.features);
    this.#masks = new DropoutMasks(shape, seed);
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
   * @param step - steps taken before this one
   * @returns sums without penalties
   */
  async compute(examples: Examples, rows: Uint32Array, step: number): Promise<BatchSums> {
    this.#bindBatch(examples, rows);
    this.#masks.fill(step);
    await this.#session.run(this.#feeds, this.#fetches);
    return { lossSum: this.#lossSum.value, correct: this.#correct.value, count: rows.length };
  }

  async dispose(): Promise<void> {
    await this.#session.release();
  }

  /** The batch keeps its memory, and so its tensors, while the number of rows stays. */
  #bindBatch(examples: Examples, rows: Uint32Array): void {
    const batch = this.#batch.gather(examples, rows);
    if (this.#boundLabels === batch.labels) return;
    const { inputs, labels } = batchTensors(this.#runtime, batch);
    Object.assign(this.#feeds, { [INPUTS]: inputs, [LABELS]: labels }, this.#masks.resize(this.#runtime, rows.length));
    this.#share.value = 1 / rows.length;
    this.#boundLabels = batch.labels;
  }
}

/** The parts of an update, as views of its memory. */
function partsOf(update: NamedTensor): NamedTensor[] {
  return updateParts(update).map(({ name, shape, rows: [start, end] }) => {
    const rowValues = sizeOf(shape) / (end - start);
    return { name, shape, values: update.values.subarray(start * rowValues, end * rowValues) };
  });
}
