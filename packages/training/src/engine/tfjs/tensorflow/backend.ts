import type { TensorContainer } from "@tensorflow/tfjs";
import type { TensorFlow } from "./tensorflow.js";

/**
 * One of the backends of tfjs. All packages of tfjs in a process share one present backend, so
 * that each calculation must select its own again.
 */
export class Backend {
  readonly tf: TensorFlow;
  readonly #name: string;

  /** @param name - name of a backend that was selected before */
  constructor(tf: TensorFlow, name: string) {
    this.tf = tf;
    this.#name = name;
  }

  /** Runs a synchronous calculation with this backend. */
  use<T>(calculate: () => T): T {
    // Ignored: a backend that was selected before is ready at once.
    if (this.tf.getBackend() !== this.#name) void this.tf.setBackend(this.#name);
    return calculate();
  }

  /** Runs a synchronous calculation with this backend inside tf.tidy. */
  tidy<T extends TensorContainer>(calculate: () => T): T {
    return this.use(() => this.tf.tidy(calculate));
  }
}
