import type { ModelWeights } from "../engine.js";
import type { ModelShape } from "../model-shape.js";
import { type ParameterNames, parameterNames } from "../parameter-names.js";

/** One tensor of the model or of the optimizer. */
export interface Parameter {
  readonly name: string;
  readonly dims: readonly number[];
  readonly values: Float32Array;
}

/** Copies weights, in the order kernel, bias for each layer. */
export function copyOfWeights(shape: ModelShape, weights: ModelWeights): Parameter[] {
  const names = parameterNames(shape.layers.length);
  return weights.flatMap(({ inputs, units, kernel, bias }, index) => {
    const layer = names[index] as ParameterNames;
    return [
      { name: layer.kernel, dims: [inputs, units], values: kernel.slice() },
      { name: layer.bias, dims: [units], values: bias.slice() },
    ];
  });
}

/** The inverse of `copyOfWeights`; copies again. */
export function weightsOf(shape: ModelShape, parameters: readonly Parameter[]): ModelWeights {
  return shape.layers.map(({ inputs, units }, index) => {
    const [kernel, bias] = [parameters[2 * index], parameters[2 * index + 1]] as [Parameter, Parameter];
    return { inputs, units, kernel: kernel.values.slice(), bias: bias.values.slice() };
  });
}
