import type { DenseShape } from "../../model/model-shape.js";
import { type Cell, type Matrix, type Parameter, type ReferenceLayer, sum } from "./layer.fixture.js";

/** A dense layer without activation, x · kernel + bias. The activation is a layer of its own. */
export class ReferenceDense implements ReferenceLayer {
  readonly parameters: readonly Parameter[];
  readonly #shape: DenseShape;
  readonly #kernel: Parameter;
  readonly #bias: Parameter | undefined;
  #inputs: Matrix = [];

  constructor(shape: DenseShape, kernel: Parameter, bias: Parameter | undefined) {
    this.#shape = shape;
    this.#kernel = kernel;
    this.#bias = bias;
    this.parameters = bias === undefined ? [kernel] : [kernel, bias];
  }

  forward(inputs: Matrix): Matrix {
    this.#inputs = inputs;
    return inputs.map((row) => Array.from({ length: this.#shape.units }, (_, unit) => this.#sum(row, unit)));
  }

  backward(gradients: Matrix): Matrix {
    for (const [index, row] of this.#inputs.entries()) {
      for (const [unit, gradient] of (gradients[index] as number[]).entries()) {
        const bias = this.#bias?.cells[unit];
        if (bias !== undefined) bias.g += gradient;
        for (const [i, x] of row.entries()) this.#cell(i, unit).g += x * gradient;
      }
    }
    return gradients.map((row) =>
      Array.from({ length: this.#shape.inputs }, (_, i) => sum(row.map((g, unit) => g * this.#cell(i, unit).w))),
    );
  }

  penalty(): number {
    const { l1, l2 } = this.#shape.kernelRegularizer ?? { l1: 0, l2: 0 };
    return sum(this.#kernel.cells.map(({ w }) => l1 * Math.abs(w) + l2 * w ** 2));
  }

  backwardPenalty(): void {
    const { l1, l2 } = this.#shape.kernelRegularizer ?? { l1: 0, l2: 0 };
    for (const cell of this.#kernel.cells) cell.g += l1 * Math.sign(cell.w) + 2 * l2 * cell.w;
  }

  #sum(row: readonly number[], unit: number): number {
    return sum(row.map((x, i) => x * this.#cell(i, unit).w)) + (this.#bias?.cells[unit]?.w ?? 0);
  }

  #cell(input: number, unit: number): Cell {
    return this.#kernel.cells[input * this.#shape.units + unit] as Cell;
  }
}
