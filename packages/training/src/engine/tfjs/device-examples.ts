import type { Examples } from "../../dataset/examples.js";
import type { TargetTensor } from "./network/loss/targets.js";
import type { BatchTensors } from "./network/network.js";
import type { Tensor, TensorFlow } from "./tensorflow/tensorflow.js";

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
    const indices = this.#tf.tensor1d(Int32Array.from(rows), "int32");
    return mapped(this.#of(examples), (tensor) => tensor.gather(indices));
  }

  /** Copies consecutive rows into tensors that the caller disposes of. */
  slice(examples: Examples, start: number, size: number): BatchTensors {
    return mapped(this.#of(examples), (tensor) => tensor.slice(start, size));
  }

  #of(examples: Examples): BatchTensors {
    const found = this.#held.find((held) => isSame(held.examples, examples)) ?? this.#send(examples);
    const used = [...this.#held.filter((held) => held !== found), found];
    for (const { tensors } of used.slice(0, -HELD_MAX)) {
      tensors.inputs.dispose();
      tensors.targets.dispose();
      tensors.weights?.dispose();
    }
    this.#held = used.slice(-HELD_MAX);
    return found.tensors;
  }

  #send(examples: Examples): HeldExamples {
    const tf = this.#tf;
    const { count, features, inputs, weights } = examples;
    const tensors = {
      inputs: tf.keep(tf.tensor2d(inputs, [count, features])),
      targets: tf.keep(this.#targets(examples)),
      ...(weights === undefined ? {} : { weights: tf.keep(tf.tensor2d(weights, [count, 1])) }),
    };
    return { examples, tensors };
  }

  #targets({ count, targets }: Examples): TargetTensor {
    if (targets.kind === "classes") return this.#tf.tensor1d(Int32Array.from(targets.labels), "int32");
    return this.#tf.tensor2d(targets.values, [count, targets.width]);
  }
}

interface HeldExamples {
  readonly examples: Examples;
  readonly tensors: BatchTensors;
}

/** Applies one operation to every tensor of a set. */
function mapped({ inputs, targets, weights }: BatchTensors, select: <T extends Tensor>(tensor: T) => T): BatchTensors {
  return {
    inputs: select(inputs),
    targets: select(targets),
    ...(weights === undefined ? {} : { weights: select(weights) }),
  };
}

function isSame(a: Examples, b: Examples): boolean {
  const [views, others] = [viewsOf(a), viewsOf(b)];
  return a.features === b.features && views.every((view, index) => isSameView(view, others[index]));
}

function viewsOf({ inputs, targets, weights }: Examples): (ArrayBufferView | undefined)[] {
  return [inputs, targets.kind === "classes" ? targets.labels : targets.values, weights];
}

function isSameView(a: ArrayBufferView | undefined, b: ArrayBufferView | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  return a.buffer === b.buffer && a.byteOffset === b.byteOffset && a.byteLength === b.byteLength;
}
