import type { LayerShape } from "../../../../model/model-shape.js";
import type { GraphBuilder, Value } from "../builder/graph-builder.js";
import { emitBatchNormalization, emitMovingNormalization } from "./batch-normalization.js";
import { emitDense } from "./dense.js";
import { emitDropout } from "./dropout.js";
import type { EmittedLayer, LayerInputs } from "./layer.js";

// The engine's table of layers: each layer in training, then each layer after training.

/**
 * Emits a layer for training: dropout is active, and batch normalization uses the statistics of
 * the batch.
 */
export function emitTrainingLayer(graph: GraphBuilder, layer: LayerShape, inputs: LayerInputs): EmittedLayer {
  switch (layer.type) {
    case "Dense":
      return emitDense(graph, layer, inputs.x);
    case "Dropout":
      return emitDropout(graph, layer, inputs);
    case "BatchNormalization":
      return emitBatchNormalization(graph, layer, inputs);
  }
}

/**
 * Emits a layer for inference: dropout is inactive, and batch normalization uses the moving
 * averages.
 */
export function emitInferenceLayer(graph: GraphBuilder, layer: LayerShape, x: Value): Value {
  switch (layer.type) {
    case "Dense":
      return emitDense(graph, layer, x).output;
    case "Dropout":
      return x;
    case "BatchNormalization":
      return emitMovingNormalization(graph, layer, x);
  }
}
