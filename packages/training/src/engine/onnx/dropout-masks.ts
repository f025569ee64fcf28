import { maskStream } from "../../model/dropout-mask.js";
import type { ModelShape } from "../../model/model-shape.js";
import { maskName } from "./graph/layer/dropout.js";
import { type Arena, arenaOf, type SharedArray } from "./kernels/arena.js";
import { floatTensor, type OnnxRuntime, type Tensors } from "./runtime.js";

interface DropoutLayer {
  /** Index among the model's layers. */
  readonly layer: number;
  readonly rate: number;
  readonly units: number;
}

/** The masks of all dropout layers for batches of one size. */
export interface BatchMasks {
  /** Inputs of the training graph. */
  readonly tensors: Tensors;
  /**
   * Fills the masks of a step, with the values of `fillDropoutMask`.
   *
   * @param step - number of steps before this one
   */
  fill(step: number): void;
}

/**
 * The dropout masks of a model. Batches of all sizes share one memory, which WebAssembly fills.
 */
export class DropoutMasks {
  readonly #layers: readonly DropoutLayer[];
  readonly #seed: number;
  #arena: Arena | undefined;
  /** Largest number of rows that fit into the memory. */
  #capacity = 0;

  /** @param seed - seed of the execution */
  constructor({ layers }: ModelShape, seed: number) {
    this.#layers = layers.flatMap((layer, index) =>
      layer.type === "Dropout" ? [{ layer: index, rate: layer.rate, units: layer.units }] : [],
    );
    this.#seed = seed;
  }

  /**
   * Returns the masks for batches of `rows` rows. They must be filled in each step before the
   * graph runs.
   */
  forRows(runtime: OnnxRuntime, rows: number): BatchMasks {
    if (this.#layers.length === 0) return { tensors: {}, fill: () => undefined };
    const { kernels, arrays } = this.#arenaFor(rows);
    const masks = this.#layers.map((layer, index) => ({ ...layer, ...(arrays[index] as SharedArray) }));
    const tensors = masks.map(({ layer, units, values }) => {
      return [maskName(layer), floatTensor(runtime, values.subarray(0, rows * units), [rows, units])];
    });
    const fill = (step: number): void => {
      for (const { layer, rate, units, address } of masks) {
        const { words, dropped, kept } = maskStream(rate, { seed: this.#seed, layer, step });
        kernels.dropoutMask(rows * units, address, ...words, dropped, kept);
      }
    };
    return { tensors: Object.fromEntries(tensors), fill };
  }

  #arenaFor(rows: number): Arena {
    if (this.#arena === undefined || rows > this.#capacity) {
      this.#arena = arenaOf(this.#layers.map(({ units }) => rows * units));
      this.#capacity = rows;
    }
    return this.#arena;
  }
}
