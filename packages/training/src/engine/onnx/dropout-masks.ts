import { fillDropoutMask } from "../dropout-mask.js";
import type { ModelShape } from "../model-shape.js";
import { maskName } from "./graph/layer/dropout.js";
import { floatTensor, type OnnxRuntime, type Tensors } from "./runtime.js";

interface Mask {
  /** Index among the model's layers. */
  readonly layer: number;
  readonly rate: number;
  readonly units: number;
  values: Float32Array;
}

/** The masks of a model's dropout layers, for one batch size at a time. */
export class DropoutMasks {
  readonly #seed: number;
  readonly #masks: readonly Mask[];

  constructor({ layers }: ModelShape, seed: number) {
    this.#seed = seed;
    this.#masks = layers.flatMap((layer, index) =>
      layer.type === "Dropout"
        ? [{ layer: index, rate: layer.rate, units: layer.units, values: new Float32Array(0) }]
        : [],
    );
  }

  /** Makes masks for batches of so many rows. */
  resize(runtime: OnnxRuntime, rows: number): Tensors {
    const tensors: Tensors = {};
    for (const mask of this.#masks) {
      mask.values = new Float32Array(rows * mask.units);
      tensors[maskName(mask.layer)] = floatTensor(runtime, mask.values, [rows, mask.units]);
    }
    return tensors;
  }

  /** @param step - steps taken before this one */
  fill(step: number): void {
    for (const { layer, rate, values } of this.#masks) fillDropoutMask(values, rate, { seed: this.#seed, layer, step });
  }
}
