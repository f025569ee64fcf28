import type { Examples } from "../../dataset/examples.js";
import type { ModelShape } from "../../model/model-shape.js";
import { ROWS_MIN } from "./evaluation.js";
import { INPUTS, OUTPUTS, predictionGraph } from "./graph/model-graphs.js";
import { createSession, floatTensor, type InferenceSession, type OnnxRuntime, tensorsOver } from "./runtime.js";
import type { SessionMemory } from "./session-memory.js";

/** The outputs of a session's weights, computed by a graph over the same memory. */
export class Prediction {
  readonly #runtime: OnnxRuntime;
  readonly #session: InferenceSession;
  /** Number of outputs of a row. */
  readonly #width: number;

  /** Compiles the prediction graph. */
  static async create(
    runtime: OnnxRuntime,
    { shape, threads }: { readonly shape: ModelShape; readonly threads: number },
  ): Promise<Prediction> {
    const session = await createSession(runtime, predictionGraph(shape), { threads });
    return new Prediction(runtime, session, shape.outputs);
  }

  private constructor(runtime: OnnxRuntime, session: InferenceSession, width: number) {
    this.#runtime = runtime;
    this.#session = session;
    this.#width = width;
  }

  /** Returns the outputs of all examples, shape (count, outputs). */
  async run({ weights }: SessionMemory, examples: Examples, batchSize: number): Promise<Float32Array> {
    const { count, features, inputs } = examples;
    const outputs = new Float32Array(count * this.#width);
    const parameters = tensorsOver(this.#runtime, weights);
    const rows = Math.max(batchSize, ROWS_MIN);
    for (let start = 0; start < count; start += rows) {
      const end = Math.min(start + rows, count);
      const part = (values: Float32Array, width: number) =>
        floatTensor(this.#runtime, values.subarray(start * width, end * width), [end - start, width]);
      const feeds = { ...parameters, [INPUTS]: part(inputs, features) };
      await this.#session.run(feeds, { [OUTPUTS]: part(outputs, this.#width) });
    }
    return outputs;
  }

  /** Releases the compiled graph. */
  async dispose(): Promise<void> {
    await this.#session.release();
  }
}
