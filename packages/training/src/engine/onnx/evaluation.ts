import type { LossPlan } from "@sintonia/tuning/plan/training-plan";
import type { Examples } from "../../dataset/examples.js";
import type { ModelShape } from "../../model/model-shape.js";
import type { BatchSums } from "../contract/engine.js";
import { CORRECT, LOSS_SUM } from "./graph/loss/losses.js";
import { evaluationGraph, INPUTS, LABELS } from "./graph/model-graphs.js";
import {
  batchTensors,
  createSession,
  type InferenceSession,
  type OnnxRuntime,
  scalar,
  tensorsOver,
} from "./runtime.js";
import type { SessionMemory } from "./session-memory.js";

export interface EvaluationOptions {
  readonly shape: ModelShape;
  readonly loss: LossPlan;
  readonly threads: number;
}

/**
 * Rows that are computed at a time, if not more are asked for: products of fewer rows are slower, and what a row gives
 * does not depend on the others.
 */
const ROWS_MIN = 256;

/** Measures weights by a graph of its own, which reads the session's memory. */
export class Evaluation {
  readonly #runtime: OnnxRuntime;
  readonly #session: InferenceSession;

  static async create(runtime: OnnxRuntime, { shape, loss, threads }: EvaluationOptions): Promise<Evaluation> {
    return new Evaluation(runtime, await createSession(runtime, evaluationGraph(shape, loss), { threads }));
  }

  private constructor(runtime: OnnxRuntime, session: InferenceSession) {
    this.#runtime = runtime;
    this.#session = session;
  }

  /**
   * Adds up batches of float32 sums in float64.
   * @returns sums without penalties
   */
  async run({ weights }: SessionMemory, examples: Examples, batchSize: number): Promise<BatchSums> {
    const [batchLoss, batchCorrect] = [scalar(this.#runtime), scalar(this.#runtime)];
    const fetches = { [LOSS_SUM]: batchLoss.tensor, [CORRECT]: batchCorrect.tensor };
    const parameters = tensorsOver(this.#runtime, weights);
    const rows = Math.max(batchSize, ROWS_MIN);
    let [lossSum, correct] = [0, 0];
    for (let start = 0; start < examples.count; start += rows) {
      const batch = batchTensors(this.#runtime, rowsOf(examples, start, Math.min(start + rows, examples.count)));
      await this.#session.run({ ...parameters, [INPUTS]: batch.inputs, [LABELS]: batch.labels }, fetches);
      lossSum += batchLoss.value;
      correct += batchCorrect.value;
    }
    return { lossSum, correct, count: examples.count };
  }

  async dispose(): Promise<void> {
    await this.#session.release();
  }
}

function rowsOf({ inputs, labels, features }: Examples, start: number, end: number) {
  return { inputs: inputs.subarray(start * features, end * features), labels: labels.subarray(start, end) };
}
