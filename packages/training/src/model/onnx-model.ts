import type { Layer } from "@sintonia/tuning/plan/training-plan";
import type { ModelWeights } from "../engine/engine.js";
import { shapeOfWeights } from "../engine/model-shape.js";
import { emitForward, emitProbabilities } from "../engine/onnx/graph/forward.js";
import { GraphBuilder } from "../engine/onnx/graph/graph-builder.js";
import { layerParameters } from "../engine/onnx/graph/model-graphs.js";

/**
 * Encodes a model for inference: input "x" of shape (batch, features), output "probabilities" of shape
 * (batch, classes), both float32, with any batch size. Opset 17.
 *
 * @throws {ModelShapeError} if layers and weights do not fit
 */
export function encodeOnnxModel(weights: ModelWeights, layers: readonly Layer[]): Uint8Array {
  const shape = shapeOfWeights(layers, weights);
  const graph = new GraphBuilder("classifier");
  const inputs = graph.input("x", "float32", ["batch", shape.features]);
  for (const { name, shape: dims, values } of weights) graph.constant(values, dims, name);
  const { logits } = emitForward(graph, shape, { inputs, parameters: layerParameters(shape) });
  emitProbabilities(graph, logits, "probabilities");
  graph.output("probabilities", "float32", ["batch", shape.classes]);
  return graph.encode();
}
