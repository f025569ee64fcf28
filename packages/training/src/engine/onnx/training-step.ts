import type { AdamPlan } from "@sintonia/tuning/plan/training-plan";
import { adamConstants, adamScalars } from "../adam-step.js";
import { Batch } from "../batch.js";
import type { BatchSums, Examples } from "../engine.js";
import type { ModelShape } from "../model-shape.js";
import { INPUTS, LABELS, trainingGraph } from "./graph/model-graphs.js";
import type { Parameters } from "./parameters.js";
import { batchTensors, createSession, type InferenceSession, type OnnxRuntime } from "./runtime.js";
import { type Direction, type TrainingMemory, trainingMemory } from "./training-memory.js";

export interface TrainingStepOptions {
  readonly shape: ModelShape;
  readonly adam: AdamPlan;
  /** Where training goes on; overwritten by the second step. */
  readonly state: Parameters;
  readonly threads: number;
}

/** Trains by running one graph for each step. */
export class TrainingStep {
  readonly #runtime: OnnxRuntime;
  readonly #session: InferenceSession;
  readonly #adam: AdamPlan;
  readonly #batch: Batch;
  readonly #memory: TrainingMemory;
  readonly #stepsBefore: number;
  #boundLabels: Uint8Array | undefined;
  #steps: number;

  static async create(runtime: OnnxRuntime, options: TrainingStepOptions): Promise<TrainingStep> {
    const graph = trainingGraph(options.shape, adamConstants(options.adam));
    return new TrainingStep(runtime, await createSession(runtime, graph, options), options);
  }

  private constructor(runtime: OnnxRuntime, session: InferenceSession, options: TrainingStepOptions) {
    this.#runtime = runtime;
    this.#session = session;
    this.#adam = options.adam;
    this.#batch = new Batch(options.shape.features);
    this.#memory = trainingMemory(runtime, options.state);
    this.#stepsBefore = options.state.steps;
    this.#steps = options.state.steps;
  }

  /** @returns the batch's sums and what the step left, in memory that the next step but one overwrites */
  async run(
    examples: Examples,
    rows: Uint32Array,
    learningRate: number,
  ): Promise<{ readonly sums: BatchSums; readonly state: Parameters }> {
    this.#bindBatch(examples, rows);
    const { gradientScale, stepSize, lossSum, correct, directions } = this.#memory;
    const count = rows.length;
    const scalars = adamScalars(this.#adam, { step: this.#steps + 1, batchSize: count, learningRate });
    gradientScale.value = scalars.gradientScale;
    stepSize.value = scalars.stepSize;
    const { feeds, fetches, weightsAfter, slotsAfter } = directions[(this.#steps - this.#stepsBefore) % 2] as Direction;
    await this.#session.run(feeds, fetches);
    this.#steps += 1;
    return {
      sums: { lossSum: lossSum.value, correct: correct.value, count },
      state: { steps: this.#steps, weights: weightsAfter, slots: slotsAfter },
    };
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
