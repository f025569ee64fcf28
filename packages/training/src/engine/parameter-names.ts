/** Names of one layer's kernel, of shape (inputs, units), and bias, of shape (units,). */
export interface ParameterNames {
  readonly kernel: string;
  readonly bias: string;
}

/** The names that Keras gives to dense layers: dense/kernel, dense/bias, dense_1/kernel and so on. */
export function parameterNames(layerCount: number): ParameterNames[] {
  return Array.from({ length: layerCount }, (_, index) => {
    const layer = index === 0 ? "dense" : `dense_${index}`;
    return { kernel: `${layer}/kernel`, bias: `${layer}/bias` };
  });
}
