import type { NamedTensor } from "../engine.js";

/** One tensor of the model or of the optimizer. */
export interface Parameter {
  readonly name: string;
  readonly dims: readonly number[];
  readonly values: Float32Array;
}

/** A session's state in memory of the session. */
export interface Parameters {
  readonly steps: number;
  readonly weights: readonly Parameter[];
  readonly slots: readonly Parameter[];
}

/** Copies weights or slots. */
export function copyOfTensors(tensors: readonly NamedTensor[]): Parameter[] {
  return tensors.map(({ name, shape, values }) => ({ name, dims: shape, values: values.slice() }));
}

/** The inverse of `copyOfTensors`; copies again. */
export function tensorsOf(parameters: readonly Parameter[]): NamedTensor[] {
  return parameters.map(({ name, dims, values }) => ({ name, shape: dims, values: values.slice() }));
}
