import type { DropoutShape } from "../../../../model/model-shape.js";
import type { GraphBuilder, Value } from "../builder/graph-builder.js";
import type { EmittedLayer, LayerInputs } from "./layer.js";

/**
 * Returns the name of the graph input that holds a dropout layer's mask, shape (batch, units).
 *
 * @param layer - index among the model's layers
 */
export function maskName(layer: number): Value {
  return `dropout_mask_${layer}`;
}

/** Emits dropout for training: the product with a mask. */
export function emitDropout(
  graph: GraphBuilder,
  { units }: DropoutShape,
  { x, index, batch }: LayerInputs,
): EmittedLayer {
  const mask = graph.input(maskName(index), "float32", [batch, units]);
  return { output: graph.multiply(x, mask), backward: (delta) => ({ inputs: () => graph.multiply(delta, mask) }) };
}
