import { type Examples, labelsOf } from "../../dataset/examples.js";
import type { BatchTensors } from "./network/network.js";
import type { TensorFlow } from "./tensorflow/tensorflow.js";

/**
 * Number of sets on the device: a trial's training and validation rows. The least recently used
 * set is freed.
 */
const HELD_MAX = 2;

/**
 * A cache of examples in the device's memory. A step then sends row numbers instead of rows, and a
 * trial reuses the examples of the trial before it; sending MNIST takes most of a second.
 *
 * Two sets are equal if they are views of the same memory, which must not be written to.
 */
export class DeviceExamples {
  readonly #tf: TensorFlow;
  /** The set used last is at the end. */
  #held: readonly HeldExamples[] = [];

  constructor(tf: TensorFlow) {
    this.#tf = tf;
  }

  /**
   * Copies rows into tensors that the caller disposes of.
   *
   * @throws {RangeError} if a row is outside `examples`
   */
  gather(examples: Examples, rows: Uint32Array): BatchTensors {
    const outside = rows.find((row) => row >= examples.count);
    if (outside !== undefined) throw new RangeError(`row ${outside} is outside ${examples.count} examples`);
    const { inputs, labels } = this.#of(examples);
    const indices = this.#tf.tensor1d(Int32Array.from(rows), "int32");
    return { inputs: inputs.gather(indices), labels: labels.gather(indices) };
  }

  /** Copies consecutive rows into tensors that the caller disposes of. */
  slice(examples: Examples, start: number, size: number): BatchTensors {
    const { inputs, labels } = this.#of(examples);
    return { inputs: inputs.slice(start, size), labels: labels.slice(start, size) };
  }

  #of(examples: Examples): BatchTensors {
    const found = this.#held.find((held) => isSame(held.examples, examples)) ?? this.#send(examples);
    const used = [...this.#held.filter((held) => held !== found), found];
    for (const { tensors } of used.slice(0, -HELD_MAX)) {
      tensors.inputs.dispose();
      tensors.labels.dispose();
    }
    this.#held = used.slice(-HELD_MAX);
    return found.tensors;
  }

  #send(examples: Examples): HeldExamples {
    const { count, features, inputs } = examples;
    const tensors = {
      inputs: this.#tf.keep(this.#tf.tensor2d(inputs, [count, features])),
      labels: this.#tf.keep(this.#tf.tensor1d(Int32Array.from(labelsOf(examples)), "int32")),
    };
    return { examples, tensors };
  }
}

interface HeldExamples {
  readonly examples: Examples;
  readonly tensors: BatchTensors;
}

function isSame(a: Examples, b: Examples): boolean {
  return a.features === b.features && isSameView(a.inputs, b.inputs) && isSameView(labelsOf(a), labelsOf(b));
}

function isSameView(a: ArrayBufferView & { length: number }, b: ArrayBufferView & { length: number }): boolean {
  return a.buffer === b.buffer && a.byteOffset === b.byteOffset && a.length === b.length;
}
