import type { NamedTensor } from "../../model/tensor.js";

// The reference is the slow and obvious way, in float64: numbers in nested arrays, layer by layer,
// gradients by the chain rule, nothing fused. An engine and the reference share only shapes, names
// and dropout masks.

/** One row for each example of a batch. */
export type Matrix = number[][];

/** A number of a model, its gradient, and what the optimizer remembers of it. */
export interface Cell {
  w: number;
  g: number;
  /** Mean of the gradients or momentum. */
  m: number;
  /** Mean of the squared gradients. */
  v: number;
  /** Mean of the gradients of a centered RMSprop. */
  a: number;
}

export interface Parameter {
  readonly name: string;
  /** Row-major. */
  readonly cells: readonly Cell[];
  readonly isTrained: boolean;
}

/** How a batch passes: dropout and batch statistics are for training only. */
export type Mode =
  | { readonly kind: "inference" }
  | { readonly kind: "training"; readonly seed: number; readonly step: number };

export interface ReferenceLayer {
  readonly parameters: readonly Parameter[];
  forward(inputs: Matrix, mode: Mode): Matrix;
  /**
   * Goes back through the last forward pass, which was one of training: adds to the parameters'
   * gradients.
   * @param gradients - of the loss by each output
   * @returns of the loss by each input
   */
  backward(gradients: Matrix): Matrix;
  /** What the layer adds to the loss of a batch. */
  penalty?(): number;
  /** Adds the penalty's gradient. */
  backwardPenalty?(): void;
  /** Takes the statistics of the last batch into the moving averages. */
  moveAverages?(): void;
}

export function parameterOf(tensor: NamedTensor, isTrained: boolean): Parameter {
  const cells = Array.from(tensor.values, (w) => ({ w, g: 0, m: 0, v: 0, a: 0 }));
  return { name: tensor.name, cells, isTrained };
}

export function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

export function mean(values: readonly number[]): number {
  return sum(values) / values.length;
}
