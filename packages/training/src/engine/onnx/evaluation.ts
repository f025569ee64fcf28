import type { LossPlan } from "@sintonia/tuning/plan/training-plan";
import type { Examples } from "../../dataset/examples.js";
import type { ExampleForm } from "../../model/example-form.js";
import type { ModelShape } from "../../model/model-shape.js";
import type { BatchSums } from "../contract/engine.js";
import { batchTensors, consecutiveRows } from "./batch.js";
import { CORRECT, LOSS_SUM } from "./graph/loss/losses.js";
import { evaluationGraph } from "./graph/model-graphs.js";
import { createSession, type InferenceSession, type OnnxRuntime, scalar, tensorsOver } from "./runtime.js";
import type { SessionMemory } from "./session-memory.js";

/** The options of an evaluation. */
interface EvaluationOptions {
  readonly shape: ModelShape;
  readonly loss: LossPlan;
  readonly form: ExampleForm;
  readonly threads: number;
}

/**
 * Smallest number of rows that are computed at a time. Matrix products of fewer rows are slower,
 * and the outputs of a row do not depend on other rows.
 */
export const ROWS_MIN = 256;

/** The measures of a session's weights, computed by a second graph over the same memory. */
export class Evaluation {
  readonly #runtime: OnnxRuntime;
  readonly #session: InferenceSession;

  /** Compiles the evaluation graph. */
  static async create(runtime: OnnxRuntime, options: EvaluationOptions): Promise<Evaluation> {
    const graph = evaluationGraph(options.shape, options.loss, options.form);
    return new Evaluation(runtime, await createSession(runtime, graph, options));
  }

  private constructor(runtime: OnnxRuntime, session: InferenceSession) {
    this.#runtime = runtime;
    this.#session = session;
  }

  /**
   * Measures the weights on all examples. Sums of batches are float32, their total is float64.
   *
   * @returns sums without penalties
   */
  async run({ weights }: SessionMemory, examples: Examples, batchSize: number): Promise<BatchSums> {
    const [batchLoss, batchCorrect] = [scalar(this.#runtime), scalar(this.#runtime)];
    const fetches = { [LOSS_SUM]: batchLoss.tensor, [CORRECT]: batchCorrect.tensor };
    const parameters = tensorsOver(this.#runtime, weights);
    const rows = Math.max(batchSize, ROWS_MIN);
    let [lossSum, correct] = [0, 0];
    for (let start = 0; start < examples.count; start += rows) {
      const batch = consecutiveRows(examples, [start, Math.min(start + rows, examples.count)]);
      await this.#session.run({ ...parameters, ...batchTensors(this.#runtime, batch) }, fetches);
      lossSum += batchLoss.value;
      correct += batchCorrect.value;
    }
    return { lossSum, correct, count: examples.count };
  }

  /** Releases the compiled graph. */
  async dispose(): Promise<void> {
    await this.#session.release();
  }
}
