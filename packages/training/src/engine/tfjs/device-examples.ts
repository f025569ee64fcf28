import type { Examples } from "../engine.js";
import type { Tensor1D, Tensor2D, TensorFlow } from "./tensorflow.js";

/** Examples as tensors: inputs of shape (count, features), labels int32 of shape (count,). */
export interface ExampleTensors {
  readonly inputs: Tensor2D;
  readonly labels: Tensor1D;
}

/**
 * Keeps each set of examples on the device, so that a step sends row numbers and no rows. A set is recognised by its
 * object and must not change while it is in use.
 */
export class DeviceExamples {
  readonly #tf: TensorFlow;
  readonly #held = new Map<Examples, ExampleTensors>();

  constructor(tf: TensorFlow) {
    this.#tf = tf;
  }

  of(examples: Examples): ExampleTensors {
    const held = this.#held.get(examples);
    if (held !== undefined) return held;
    const tensors = {
      inputs: this.#tf.tensor2d(examples.inputs, [examples.count, examples.features]),
      labels: this.#tf.tensor1d(examples.labels, "int32"),
    };
    this.#held.set(examples, tensors);
    return tensors;
  }

  dispose(): void {
    for (const { inputs, labels } of this.#held.values()) {
      inputs.dispose();
      labels.dispose();
    }
    this.#held.clear();
  }
}
