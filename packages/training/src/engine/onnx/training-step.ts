import type { AdamPlan } from "@sintonia/tuning/plan/training-plan";
import { adamConstants, adamScalars } from "../adam-step.js";
import { Batch } from "../batch.js";
import type { BatchSums, Examples } from "../engine.js";
import type { ModelShape } from "../model-shape.js";
import { INPUTS, LABELS, trainingGraph } from "./graph/model-graphs.js";
import type { Parameter } from "./parameters.js";
import { batchTensors, createSession, type InferenceSession, type OnnxRuntime } from "./runtime.js";
import { type Direction, type TrainingMemory, trainingMemory } from "./training-memory.js";

export interface TrainingStepOptions {
  readonly shape: ModelShape;
  readonly adam: AdamPlan;
  /** Overwritten by the second step. */
  readonly weights: readonly Parameter[];
  readonly threads: number;
}

/** Trains by running one graph for each step. */
export class TrainingStep {
  readonly #runtime: OnnxRuntime;
  readonly #session: InferenceSession;
  readonly #adam: AdamPlan;
  readonly #batch: Batch;
  readonly #memory: TrainingMemory;
  #boundLabels: Uint8Array | undefined;
  #steps = 0;

  static async create(runtime: OnnxRuntime, options: TrainingStepOptions): Promise<TrainingStep> {
    const graph = trainingGraph(options.shape, adamConstants(options.adam));
    return new TrainingStep(runtime, await createSession(runtime, graph, options), options);
  }

  private constructor(runtime: OnnxRuntime, session: InferenceSession, { shape, adam, weights }: TrainingStepOptions) {
    this.#runtime = runtime;
    this.#session = session;
    this.#adam = adam;
    this.#batch = new Batch(shape.features);
    this.#memory = trainingMemory(runtime, weights);
  }

  /** @returns the batch's sums and the weights after the step, in memory that the next step but one overwrites */
  async run(
    examples: Examples,
    rows: Uint32Array,
    learningRate: number,
  ): Promise<{ readonly sums: BatchSums; readonly weights: readonly Parameter[] }> {
    this.#bindBatch(examples, rows);
    const { gradientScale, stepSize, lossSum, correct, directions } = this.#memory;
    const count = rows.length;
    const scalars = adamScalars(this.#adam, { step: this.#steps + 1, batchSize: count, learningRate });
    gradientScale.value = scalars.gradientScale;
    stepSize.value = scalars.stepSize;
    const { feeds, fetches, weightsAfter } = directions[this.#steps % 2] as Direction;
    await this.#session.run(feeds, fetches);
    this.#steps += 1;
    return { sums: { lossSum: lossSum.value, correct: correct.value, count }, weights: weightsAfter };
  }

  async dispose(): Promise<void> {
    await this.#session.release();
  }

  /** Makes tensors only when the batch size changes: the batch keeps its memory otherwise. */
  #bindBatch(examples: Examples, rows: Uint32Array): void {
    const batch = this.#batch.gather(examples, rows);
    if (this.#boundLabels === batch.labels) return;
    const { inputs, labels } = batchTensors(this.#runtime, batch);
    for (const { feeds } of this.#memory.directions) {
      feeds[INPUTS] = inputs;
      feeds[LABELS] = labels;
    }
    this.#boundLabels = batch.labels;
  }
}
