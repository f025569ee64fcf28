import type { Examples } from "../engine.js";
import type { BatchTensors } from "./network.js";
import type { TensorFlow } from "./tensorflow.js";

/**
 * Keeps each set of examples on the device, so that a step sends row numbers and no rows. A set is recognised by its
 * object and must not change while it is in use.
 */
export class DeviceExamples {
  readonly #tf: TensorFlow;
  readonly #held = new Map<Examples, BatchTensors>();

  constructor(tf: TensorFlow) {
    this.#tf = tf;
  }

  /**
   * Copies rows, in tensors that are the caller's.
   * @throws {RangeError} if a row is outside `examples`
   */
  gather(examples: Examples, rows: Uint32Array): BatchTensors {
    const outside = rows.find((row) => row >= examples.count);
    if (outside !== undefined) throw new RangeError(`row ${outside} is outside ${examples.count} examples`);
    const { inputs, labels } = this.#of(examples);
    const indices = this.#tf.tensor1d(Int32Array.from(rows), "int32");
    return { inputs: inputs.gather(indices), labels: labels.gather(indices) };
  }

  /** Copies rows that follow each other, in tensors that are the caller's. */
  slice(examples: Examples, start: number, size: number): BatchTensors {
    const { inputs, labels } = this.#of(examples);
    return { inputs: inputs.slice(start, size), labels: labels.slice(start, size) };
  }

  dispose(): void {
    for (const { inputs, labels } of this.#held.values()) {
      inputs.dispose();
      labels.dispose();
    }
    this.#held.clear();
  }

  #of(examples: Examples): BatchTensors {
    const held = this.#held.get(examples);
    if (held !== undefined) return held;
    const tensors = {
      inputs: this.#tf.keep(this.#tf.tensor2d(examples.inputs, [examples.count, examples.features])),
      labels: this.#tf.keep(this.#tf.tensor1d(examples.labels, "int32")),
    };
    this.#held.set(examples, tensors);
    return tensors;
  }
}
