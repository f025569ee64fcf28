import type { Layer } from "@sintonia/tuning/plan/training-plan";
import { GraphBuilder } from "../engine/onnx/graph/builder/graph-builder.js";
import { emitActivation } from "../engine/onnx/graph/layer/activations.js";
import { emitInference } from "../engine/onnx/graph/model.js";
import { logitLayers, shapeOfWeights } from "../model/model-shape.js";
import type { ModelWeights } from "../model/tensor.js";

/**
 * Encodes a model for inference in opset 17. The input "x" has shape (batch, features). The output
 * has shape (batch, outputs) and is named "probabilities" after a softmax, else "outputs". Both
 * are float32; the batch size is free.
 *
 * @throws {ModelShapeError} if layers and weights do not fit
 */
export function encodeOnnxModel(weights: ModelWeights, layers: readonly Layer[]): Uint8Array {
  const shape = shapeOfWeights(layers, weights);
  const graph = new GraphBuilder("classifier");
  const inputs = graph.input("x", "float32", ["batch", shape.features]);
  for (const { name, shape: dims, values } of weights) graph.constant(values, dims, name);
  const { activation } = logitLayers(shape);
  const { output } = emitActivation(graph, activation, emitInference(graph, shape, inputs));
  const name = activation === "softmax" ? "probabilities" : "outputs";
  graph.node("Identity", [output], { name });
  graph.output(name, "float32", ["batch", shape.outputs]);
  return graph.encode();
}
