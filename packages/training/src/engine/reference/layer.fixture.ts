import type { NamedTensor } from "../../model/tensor.js";

// The reference trains in the slow and obvious way: float64 numbers in nested arrays, layer by
// layer, gradients by the chain rule. Engines and reference share only shapes, names and dropout
// masks.

/** The values of a batch, one row for each example. */
export type Matrix = number[][];

/** One number of a model with its gradient and the optimizer's slots. */
export interface Cell {
  w: number;
  g: number;
  /** Mean of the gradients, or momentum. */
  m: number;
  /** Mean of the squared gradients. */
  v: number;
  /** Mean of the gradients of a centered RMSprop. */
  a: number;
}

/** One tensor of a model. */
export interface Parameter {
  readonly name: string;
  /** Row-major. */
  readonly cells: readonly Cell[];
  readonly isTrained: boolean;
}

/** The mode of a forward pass. Only training uses dropout and statistics of the batch. */
export type Mode =
  | { readonly kind: "inference" }
  | { readonly kind: "training"; readonly seed: number; readonly step: number };

/** The forward and backward pass of one layer. */
export interface ReferenceLayer {
  readonly parameters: readonly Parameter[];
  forward(inputs: Matrix, mode: Mode): Matrix;
  /**
   * Computes the backward pass of the last forward pass, which must have been in training. Adds to
   * the gradients of the parameters.
   *
   * @param gradients - gradient of the loss at each output
   * @returns gradient of the loss at each input
   */
  backward(gradients: Matrix): Matrix;
  /** Returns the penalty that the layer adds to the loss of a batch. */
  penalty?(): number;
  /** Adds the penalty's gradient. */
  backwardPenalty?(): void;
  /** Moves the averages towards the statistics of the last batch. */
  moveAverages?(): void;
}

/** Converts a tensor into a parameter. */
export function parameterOf(tensor: NamedTensor, isTrained: boolean): Parameter {
  const cells = Array.from(tensor.values, (w) => ({ w, g: 0, m: 0, v: 0, a: 0 }));
  return { name: tensor.name, cells, isTrained };
}

/** Returns the sum of all values. */
export function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

/** Returns the mean of all values. */
export function mean(values: readonly number[]): number {
  return sum(values) / values.length;
}
