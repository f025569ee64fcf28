import type { ModelWeights } from "../engine.js";

/** One tensor of the model or of the optimizer. */
export interface Parameter {
  readonly name: string;
  readonly dims: readonly number[];
  readonly values: Float32Array;
}

/** Copies weights. */
export function copyOfWeights(weights: ModelWeights): Parameter[] {
  return weights.map(({ name, shape, values }) => ({ name, dims: shape, values: values.slice() }));
}

/** The inverse of `copyOfWeights`; copies again. */
export function weightsOf(parameters: readonly Parameter[]): ModelWeights {
  return parameters.map(({ name, dims, values }) => ({ name, shape: dims, values: values.slice() }));
}
