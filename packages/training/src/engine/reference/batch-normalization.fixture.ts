import type { BatchNormalizationShape } from "../../model/model-shape.js";
import { type Matrix, type Mode, mean, type Parameter, type ReferenceLayer, sum } from "./layer.fixture.js";

/** The tensors of one layer. */
export interface BatchNormalizationParameters {
  readonly gamma: Parameter | undefined;
  readonly beta: Parameter | undefined;
  readonly movingMean: Parameter;
  readonly movingVariance: Parameter;
}

/**
 * Batch normalization with Keras' moving averages, which use the population variance.
 *
 * @see Ioffe, Szegedy 2015, algorithms 1 and 2
 */
export class ReferenceBatchNormalization implements ReferenceLayer {
  readonly parameters: readonly Parameter[];
  readonly #shape: BatchNormalizationShape;
  readonly #own: BatchNormalizationParameters;
  /** Statistics of the last batch, one for each unit. */
  #means: number[] = [];
  #variances: number[] = [];
  /** Standardized inputs of the last batch. */
  #scaled: Matrix = [];

  constructor(shape: BatchNormalizationShape, own: BatchNormalizationParameters) {
    this.#shape = shape;
    this.#own = own;
    const { gamma, beta, movingMean, movingVariance } = own;
    this.parameters = [gamma, beta, movingMean, movingVariance].filter((parameter) => parameter !== undefined);
  }

  forward(inputs: Matrix, { kind }: Mode): Matrix {
    this.#means = kind === "training" ? this.#perUnit(inputs, mean) : weightsOf(this.#own.movingMean);
    this.#variances = kind === "training" ? this.#perUnit(inputs, variance) : weightsOf(this.#own.movingVariance);
    this.#scaled = inputs.map((row) => row.map((x, u) => (x - (this.#means[u] as number)) / this.#deviation(u)));
    return this.#scaled.map((row) => row.map((x, unit) => x * this.#factor(unit) + this.#offset(unit)));
  }

  backward(gradients: Matrix): Matrix {
    const { gamma, beta } = this.#own;
    for (const [row, unit, gradient] of entries(gradients)) {
      const [g, b] = [gamma?.cells[unit], beta?.cells[unit]];
      if (g !== undefined) g.g += gradient * this.#at(row, unit);
      if (b !== undefined) b.g += gradient;
    }
    const byScaled = gradients.map((row) => row.map((gradient, unit) => gradient * this.#factor(unit)));
    const means = this.#perUnit(byScaled, mean);
    const alongs = this.#perUnit(
      byScaled.map((row, r) => row.map((gradient, unit) => gradient * this.#at(r, unit))),
      mean,
    );
    return byScaled.map((row, r) =>
      row.map((g, u) => (g - (means[u] as number) - this.#at(r, u) * (alongs[u] as number)) / this.#deviation(u)),
    );
  }

  moveAverages(): void {
    const { momentum } = this.#shape;
    for (const [unit, cell] of this.#own.movingMean.cells.entries()) {
      cell.w = cell.w * momentum + (this.#means[unit] as number) * (1 - momentum);
    }
    for (const [unit, cell] of this.#own.movingVariance.cells.entries()) {
      cell.w = cell.w * momentum + (this.#variances[unit] as number) * (1 - momentum);
    }
  }

  #at(row: number, unit: number): number {
    return this.#scaled[row]?.[unit] as number;
  }

  #deviation(unit: number): number {
    return Math.sqrt((this.#variances[unit] as number) + this.#shape.epsilon);
  }

  #factor(unit: number): number {
    return this.#own.gamma?.cells[unit]?.w ?? 1;
  }

  #offset(unit: number): number {
    return this.#own.beta?.cells[unit]?.w ?? 0;
  }

  #perUnit(rows: Matrix, statistic: (values: readonly number[]) => number): number[] {
    return Array.from({ length: this.#shape.units }, (_, unit) => statistic(rows.map((row) => row[unit] as number)));
  }
}

function variance(values: readonly number[]): number {
  const center = mean(values);
  return sum(values.map((value) => (value - center) ** 2)) / values.length;
}

function weightsOf({ cells }: Parameter): number[] {
  return cells.map(({ w }) => w);
}

function entries(rows: Matrix): [row: number, unit: number, value: number][] {
  return rows.flatMap((row, r) => row.map((value, unit) => [r, unit, value] as [number, number, number]));
}
