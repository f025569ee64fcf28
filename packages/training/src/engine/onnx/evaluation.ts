import type { EvaluationResult, Examples } from "../engine.js";
import type { ModelShape } from "../model-shape.js";
import { CORRECT, LOSS_SUM } from "./graph/loss.js";
import { evaluationGraph, INPUTS, LABELS } from "./graph/model-graphs.js";
import type { Parameter } from "./parameters.js";
import {
  batchTensors,
  createSession,
  floatTensor,
  type InferenceSession,
  type OnnxRuntime,
  scalar,
} from "./runtime.js";

/** Measures weights by a graph of its own, which shares the weights' memory. */
export class Evaluation {
  readonly #runtime: OnnxRuntime;
  readonly #session: InferenceSession;

  static async create(
    runtime: OnnxRuntime,
    { shape, threads }: { readonly shape: ModelShape; readonly threads: number },
  ): Promise<Evaluation> {
    return new Evaluation(runtime, await createSession(runtime, evaluationGraph(shape), { threads }));
  }

  private constructor(runtime: OnnxRuntime, session: InferenceSession) {
    this.#runtime = runtime;
    this.#session = session;
  }

  /** Adds up batches of float32 sums in float64. */
  async run(weights: readonly Parameter[], examples: Examples, batchSize: number): Promise<EvaluationResult> {
    const [batchLoss, batchCorrect] = [scalar(this.#runtime), scalar(this.#runtime)];
    const fetches = { [LOSS_SUM]: batchLoss.tensor, [CORRECT]: batchCorrect.tensor };
    const parameters = Object.fromEntries(
      weights.map(({ name, values, dims }) => [name, floatTensor(this.#runtime, values, dims)]),
    );
    let [lossSum, correct] = [0, 0];
    for (let start = 0; start < examples.count; start += batchSize) {
      const batch = batchTensors(this.#runtime, rowsOf(examples, start, Math.min(start + batchSize, examples.count)));
      await this.#session.run({ ...parameters, [INPUTS]: batch.inputs, [LABELS]: batch.labels }, fetches);
      lossSum += batchLoss.value;
      correct += batchCorrect.value;
    }
    const { count } = examples;
    return { loss: lossSum / count, accuracy: correct / count, correct, count };
  }

  async dispose(): Promise<void> {
    await this.#session.release();
  }
}

function rowsOf({ inputs, labels, features }: Examples, start: number, end: number) {
  return { inputs: inputs.subarray(start * features, end * features), labels: labels.subarray(start, end) };
}
