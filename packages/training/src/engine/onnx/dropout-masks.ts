import { maskStream } from "../../model/dropout-mask.js";
import type { ModelShape } from "../../model/model-shape.js";
import { maskName } from "./graph/layer/dropout.js";
import { arenaOf, type SharedArray } from "./kernels/arena.js";
import type { Kernels } from "./kernels/kernels.js";
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
  #kernels: Kernels | undefined;
  /** One for each layer, for batches of up to `#capacity` rows. */
  #masks: readonly (DropoutLayer & SharedArray)[] = [];
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
    if (this.#layers.length === 0) return {};
    if (rows > this.#capacity) this.#allocate(rows);
    this.#rows = rows;
    const tensors = this.#masks.map(({ layer, units, values }) => {
      return [maskName(layer), floatTensor(runtime, values.subarray(0, rows * units), [rows, units])];
    });
    return Object.fromEntries(tensors);
  }

  /** @param step - steps taken before this one */
  fill(step: number): void {
    for (const { layer, rate, units, address } of this.#masks) {
      const { words, dropped, kept } = maskStream(rate, { seed: this.#seed, layer, step });
      this.#kernels?.dropoutMask(this.#rows * units, address, ...words, dropped, kept);
    }
  }

  #allocate(rows: number): void {
    const { kernels, arrays } = arenaOf(this.#layers.map(({ units }) => rows * units));
    this.#masks = this.#layers.map((layer, index) => ({ ...layer, ...(arrays[index] as SharedArray) }));
    this.#kernels = kernels;
    this.#capacity = rows;
  }
}
