import type { Activation, AdamPlan, TrainingPlan } from "@sintonia/tuning/plan/training-plan";
import type { BatchSums, Examples, ModelWeights, NamedTensor } from "./engine.js";

// The slow and obvious way, in float64: one example at a time, gradients by the chain rule, Adam as Keras writes it.

interface ReferenceLayer {
  readonly activation: Activation;
  /** kernel[input][unit] */
  readonly kernel: Cell[][];
  readonly bias: Cell[];
}

/** A parameter with its gradient and Adam's moments. */
interface Cell {
  w: number;
  g: number;
  m: number;
  v: number;
}

/** Trains a model as an engine should. */
export class ReferenceTraining {
  readonly #plan: TrainingPlan;
  readonly #layers: ReferenceLayer[];
  #steps = 0;

  constructor(plan: TrainingPlan, weights: ModelWeights) {
    this.#plan = plan;
    this.#layers = plan.model.layers.map((layer, index) => {
      const [kernel, bias] = [weights[2 * index], weights[2 * index + 1]] as [NamedTensor, NamedTensor];
      const [inputs = 0, units = 0] = kernel.shape;
      return {
        activation: layer.type === "Dense" ? layer.activation : "linear",
        kernel: Array.from({ length: inputs }, (_, i) => cells(kernel.values.subarray(i * units, (i + 1) * units))),
        bias: cells(bias.values),
      };
    });
  }

  step(examples: Examples, rows: Uint32Array, learningRate: number): BatchSums {
    for (const cell of this.#cells()) cell.g = 0;
    const sums = this.#measure(examples, rows, (activations, label) =>
      this.#addGradients(activations, label, rows.length),
    );
    this.#steps += 1;
    const { beta1, beta2, epsilon } = this.#plan.training.optimizer as AdamPlan;
    const alpha = (learningRate * Math.sqrt(1 - beta2 ** this.#steps)) / (1 - beta1 ** this.#steps);
    for (const cell of this.#cells()) {
      cell.m += (cell.g - cell.m) * (1 - beta1);
      cell.v += (cell.g ** 2 - cell.v) * (1 - beta2);
      cell.w -= (alpha * cell.m) / (Math.sqrt(cell.v) + epsilon);
    }
    return sums;
  }

  evaluate(examples: Examples): { readonly loss: number; readonly correct: number } {
    const rows = Uint32Array.from({ length: examples.count }, (_, row) => row);
    const { lossSum, correct } = this.#measure(examples, rows, () => undefined);
    return { loss: lossSum / examples.count, correct };
  }

  /** Probabilities of every class for every example, row-major. */
  predict(examples: Examples): number[] {
    return Array.from({ length: examples.count }, (_, row) => this.#activations(examples, row).at(-1) ?? []).flat();
  }

  #measure(examples: Examples, rows: Uint32Array, visit: (activations: number[][], label: number) => void): BatchSums {
    let [lossSum, correct] = [0, 0];
    for (const row of rows) {
      const label = examples.labels[row] as number;
      const activations = this.#activations(examples, row);
      const output = activations.at(-1) as number[];
      lossSum -= Math.log(output[label] as number);
      correct += output.indexOf(Math.max(...output)) === label ? 1 : 0;
      visit(activations, label);
    }
    return { lossSum, correct, count: rows.length };
  }

  /** The example, then the outputs of every layer. */
  #activations({ inputs, features }: Examples, row: number): number[][] {
    const values = [Array.from(inputs.subarray(row * features, (row + 1) * features))];
    for (const { kernel, bias, activation } of this.#layers) {
      const input = values.at(-1) as number[];
      const sums = bias.map((b, unit) => input.reduce((sum, x, i) => sum + x * cellAt(kernel, i, unit).w, b.w));
      values.push(activate(activation, sums));
    }
    return values;
  }

  #addGradients(activations: number[][], label: number, batchSize: number): void {
    let delta = (activations.at(-1) as number[]).map((p, unit) => (p - (unit === label ? 1 : 0)) / batchSize);
    for (let index = this.#layers.length - 1; index >= 0; index--) {
      const { kernel, bias } = this.#layers[index] as ReferenceLayer;
      const input = activations[index] as number[];
      const slopes = input.map((x) => (this.#layers[index - 1]?.activation === "relu" && x <= 0 ? 0 : 1));
      for (const [unit, d] of delta.entries()) {
        (bias[unit] as Cell).g += d;
        for (const [i, x] of input.entries()) cellAt(kernel, i, unit).g += x * d;
      }
      delta = slopes.map((slope, i) => slope * delta.reduce((sum, d, unit) => sum + d * cellAt(kernel, i, unit).w, 0));
    }
  }

  #cells(): Cell[] {
    return this.#layers.flatMap(({ kernel, bias }) => [...kernel.flat(), ...bias]);
  }
}

function cells(values: Float32Array): Cell[] {
  return Array.from(values, (w) => ({ w, g: 0, m: 0, v: 0 }));
}

function cellAt(kernel: Cell[][], input: number, unit: number): Cell {
  return kernel[input]?.[unit] as Cell;
}

function activate(activation: Activation, sums: number[]): number[] {
  if (activation === "linear") return sums;
  if (activation === "relu") return sums.map((sum) => Math.max(sum, 0));
  const largest = Math.max(...sums);
  const exponentials = sums.map((sum) => Math.exp(sum - largest));
  const total = exponentials.reduce((sum, value) => sum + value, 0);
  return exponentials.map((value) => value / total);
}
