import { activationOf, type ModelShape } from "../../model-shape.js";
import type { GraphBuilder, Value } from "./graph-builder.js";

/** Names of one layer's parameters, first the kernel of shape (inputs, units), then the bias of shape (units,). */
export interface LayerParameters {
  readonly kernel: Value;
  readonly bias: Value;
}

/** What the layers compute. */
export interface ForwardPass {
  /** Input of each layer; the first is the batch. */
  readonly layerInputs: readonly Value[];
  /** Outputs of the last layer before its softmax, shape (batch, classes). */
  readonly logits: Value;
}

/** Emits activation(x · kernel + bias) for every layer but the softmax at the end. */
export function emitForward(
  graph: GraphBuilder,
  shape: ModelShape,
  { inputs, parameters }: { readonly inputs: Value; readonly parameters: readonly LayerParameters[] },
): ForwardPass {
  const layerInputs: Value[] = [];
  let value = inputs;
  for (const [index, { kernel, bias }] of parameters.entries()) {
    layerInputs.push(value);
    value = graph.node("Gemm", [value, kernel, bias]);
    if (activationOf(shape.layers[index]) === "relu") value = graph.node("Relu", [value]);
  }
  return { layerInputs, logits: value };
}

/** Emits the softmax over classes. */
export function emitProbabilities(graph: GraphBuilder, logits: Value, name?: string): Value {
  return graph.node("Softmax", [logits], { attributes: { axis: 1 }, ...(name === undefined ? {} : { name }) });
}
