import type { DenseWeights, ModelWeights } from "../engine/engine.js";
import { type LayerOutline, modelShape } from "../engine/model-shape.js";
import { emitForward, emitProbabilities } from "../engine/onnx/graph/forward.js";
import { GraphBuilder } from "../engine/onnx/graph/graph-builder.js";
import { parameterNames } from "../engine/parameter-names.js";

/**
 * Encodes a model for inference: input "x" of shape (batch, features), output "probabilities" of shape
 * (batch, classes), both float32, with any batch size. Opset 17.
 *
 * @throws {ModelShapeError} if layers and weights do not fit
 */
export function encodeOnnxModel(weights: ModelWeights, layers: readonly LayerOutline[]): Uint8Array {
  const shape = modelShape(layers, weights);
  const graph = new GraphBuilder("classifier");
  const inputs = graph.input("x", "float32", ["batch", shape.features]);
  const parameters = parameterNames(weights.length);
  for (const [index, { kernel, bias }] of parameters.entries()) {
    const layer = weights[index] as DenseWeights;
    graph.constant(layer.kernel, [layer.inputs, layer.units], kernel);
    graph.constant(layer.bias, [layer.units], bias);
  }
  const { logits } = emitForward(graph, shape, { inputs, parameters });
  emitProbabilities(graph, logits, "probabilities");
  graph.output("probabilities", "float32", ["batch", shape.classes]);
  return graph.encode();
}
