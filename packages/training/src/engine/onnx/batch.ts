import { type Examples, labelsOf } from "../../dataset/examples.js";

/** The rows of the present batch, in memory that all batches share. */
export class Batch {
  readonly #features: number;
  #inputs = new Float32Array(0);
  #labels = new Int32Array(0);

  /** @param features - number of features of the examples */
  constructor(features: number) {
    this.#features = features;
  }

  /** Inputs, shape (rows, features). The same object for all batches of one size in a row. */
  get inputs(): Float32Array {
    return this.#inputs;
  }

  /** Labels, shape (rows,). The same object for all batches of one size in a row. */
  get labels(): Int32Array {
    return this.#labels;
  }

  /**
   * Replaces the batch by the given rows of `examples`.
   *
   * @throws {RangeError} if a row is outside `examples`; the batch is then unchanged
   */
  load(examples: Examples, rows: Uint32Array): void {
    for (const row of rows) {
      if (row >= examples.count) throw new RangeError(`row ${row} is outside ${examples.count} examples`);
    }
    if (rows.length !== this.#labels.length) this.#resize(rows.length);
    const width = this.#features;
    const labels = labelsOf(examples);
    for (let index = 0; index < rows.length; index++) {
      const row = rows[index] as number;
      this.#inputs.set(examples.inputs.subarray(row * width, (row + 1) * width), index * width);
      this.#labels[index] = labels[row] as number;
    }
  }

  #resize(rows: number): void {
    const fits = rows * this.#features * Float32Array.BYTES_PER_ELEMENT <= this.#inputs.buffer.byteLength;
    const memory = fits ? this.#inputs.buffer : new ArrayBuffer(rows * this.#features * Float32Array.BYTES_PER_ELEMENT);
    this.#inputs = new Float32Array(memory, 0, rows * this.#features);
    this.#labels = new Int32Array(rows);
  }
}
