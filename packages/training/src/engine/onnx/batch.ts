import type { Examples } from "../../dataset/examples.js";

/** Gathers rows into one piece of memory that every step uses again. */
export class Batch {
  readonly #features: number;
  #inputs = new Float32Array(0);
  #labels = new Uint8Array(0);

  constructor(features: number) {
    this.#features = features;
  }

  /**
   * Copies the given rows of `examples`, which must have this batch's number of features.
   * @returns views of shapes (rows, features) and (rows,), valid until the next call; the same objects as the last
   * call's if the number of rows is the same
   * @throws {RangeError} if a row is outside `examples`
   */
  gather(examples: Examples, rows: Uint32Array): { readonly inputs: Float32Array; readonly labels: Uint8Array } {
    if (rows.length !== this.#labels.length) this.#resize(rows.length);
    const width = this.#features;
    for (let index = 0; index < rows.length; index++) {
      const row = rows[index] as number;
      if (row >= examples.count) throw new RangeError(`row ${row} is outside ${examples.count} examples`);
      this.#inputs.set(examples.inputs.subarray(row * width, (row + 1) * width), index * width);
      this.#labels[index] = examples.labels[row] as number;
    }
    return { inputs: this.#inputs, labels: this.#labels };
  }

  #resize(rows: number): void {
    const fits = rows * this.#features * Float32Array.BYTES_PER_ELEMENT <= this.#inputs.buffer.byteLength;
    const memory = fits ? this.#inputs.buffer : new ArrayBuffer(rows * this.#features * Float32Array.BYTES_PER_ELEMENT);
    this.#inputs = new Float32Array(memory, 0, rows * this.#features);
    this.#labels = new Uint8Array(rows);
  }
}
