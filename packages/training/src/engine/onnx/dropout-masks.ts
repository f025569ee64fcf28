import { maskStream } from "../dropout-mask.js";
import type { ModelShape } from "../model-shape.js";
import { maskName } from "./graph/layer/dropout.js";
import { type Arena, arenaOf, type SharedArray } from "./kernels/arena.js";
import { floatTensor, type OnnxRuntime, type Tensors } from "./runtime.js";

interface DropoutLayer {
  /** Index among the model's layers. */
  readonly layer: number;
  readonly rate: number;
  readonly units: number;
}

/** The masks of a model's dropout layers: those of `fillDropoutMask`, filled by WebAssembly. */
export class DropoutMasks {
  readonly #layers: readonly DropoutLayer[];
  readonly #seed: number;
  /** A mask for each layer, for batches of up to `#capacity` rows. */
  #arena: Arena = arenaOf([]);
  #capacity = 0;
  #rows = 0;

  constructor({ layers }: ModelShape, seed: number) {
    this.#layers = layers.flatMap((layer, index) =>
      layer.type === "Dropout" ? [{ layer: index, rate: layer.rate, units: layer.units }] : [],
    );
    this.#seed = seed;
  }

  /** @returns the masks of batches of so many rows, as inputs of the graph */
  resize(runtime: OnnxRuntime, rows: number): Tensors {
    if (rows > this.#capacity) {
      this.#arena = arenaOf(this.#layers.map(({ units }) => rows * units));
      this.#capacity = rows;
    }
    this.#rows = rows;
    return Object.fromEntries(
      this.#layers.map(({ layer, units }, index) => {
        const { values } = this.#arena.arrays[index] as SharedArray;
        return [maskName(layer), floatTensor(runtime, values.subarray(0, rows * units), [rows, units])];
      }),
    );
  }

  /** @param step - steps taken before this one */
  fill(step: number): void {
    for (const [index, { layer, rate, units }] of this.#layers.entries()) {
      const { words, dropped, kept } = maskStream(rate, { seed: this.#seed, layer, step });
      const { address } = this.#arena.arrays[index] as SharedArray;
      this.#arena.kernels.dropoutMask(this.#rows * units, address, ...words, dropped, kept);
    }
  }
}
