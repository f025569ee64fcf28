import { fillDropoutMask } from "../../model/dropout-mask.js";
import type { DropoutShape } from "../../model/model-shape.js";
import type { Matrix, Mode, ReferenceLayer } from "./layer.fixture.js";

/** Dropout: multiplies inputs by a mask in training, and returns them unchanged in inference. */
export class ReferenceDropout implements ReferenceLayer {
  readonly parameters = [];
  readonly #shape: DropoutShape;
  /** Index among the model's layers. */
  readonly #index: number;
  #mask = new Float32Array(0);

  constructor(shape: DropoutShape, index: number) {
    this.#shape = shape;
    this.#index = index;
  }

  forward(inputs: Matrix, mode: Mode): Matrix {
    if (mode.kind === "inference") return inputs;
    this.#mask = new Float32Array(inputs.length * this.#shape.units);
    fillDropoutMask(this.#mask, this.#shape.rate, { seed: mode.seed, layer: this.#index, step: mode.step });
    return this.#masked(inputs);
  }

  backward(gradients: Matrix): Matrix {
    return this.#masked(gradients);
  }

  #masked(rows: Matrix): Matrix {
    const { units } = this.#shape;
    return rows.map((row, r) => row.map((value, unit) => value * (this.#mask[r * units + unit] as number)));
  }
}
