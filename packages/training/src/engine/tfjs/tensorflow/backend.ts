import type { TensorContainer } from "@tensorflow/tfjs";
import type { TensorFlow } from "./tensorflow.js";

/**
 * One of the backends that compute for tfjs. Packages of tfjs in one process share which of them is the present one, so
 * each calculation chooses its own again.
 */
export class Backend {
  readonly tf: TensorFlow;
  readonly #name: string;

  /** @param name - of a backend that was selected before */
  constructor(tf: TensorFlow, name: string) {
    this.tf = tf;
    this.#name = name;
  }

  /** Runs a calculation that ends before anything else can choose. */
  use<T>(calculate: () => T): T {
    // Ignored: the promise of a backend that was selected before has nothing left to wait for.
    if (this.tf.getBackend() !== this.#name) void this.tf.setBackend(this.#name);
    return calculate();
  }

  /** The same inside tf.tidy. */
  tidy<T extends TensorContainer>(calculate: () => T): T {
    return this.use(() => this.tf.tidy(calculate));
  }
}
