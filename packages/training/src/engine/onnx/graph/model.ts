import { logitLayers, type ModelShape } from "../../../model/model-shape.js";
import type { GraphBuilder, Value } from "./builder/graph-builder.js";
import type { EmittedLayer, LayerInputs } from "./layer/layer.js";
import { emitInferenceLayer, emitTrainingLayer } from "./layer/layers.js";

// Both functions end at the logits, the values before the activation of the last layer, shape
// (batch, classes): the loss computes that activation itself, and mostly from the logits. Graphs
// read the model's tensors under their own names.

/** A model that was emitted for training. */
interface EmittedModel {
  readonly logits: Value;
  /** Emits the updates of all tensors from the gradient of the loss at the logits. */
  readonly backward: (delta: Value) => void;
}

/**
 * Emits a model for training: dropout is active, and batch normalization uses the statistics of
 * the batch.
 */
export function emitTraining(graph: GraphBuilder, shape: ModelShape, inputs: Omit<LayerInputs, "index">): EmittedModel {
  const { layers } = logitLayers(shape);
  const emitted: EmittedLayer[] = [];
  let x = inputs.x;
  for (const [index, layer] of layers.entries()) {
    const operation = emitTrainingLayer(graph, layer, { ...inputs, x, index });
    emitted.push(operation);
    x = operation.output;
  }
  const firstTrained = layers.findIndex(({ type }) => type !== "Dropout");
  return { logits: x, backward: (delta) => emitBackward(emitted.slice(firstTrained), delta) };
}

/**
 * Emits a model for inference: dropout is inactive, and batch normalization uses the moving
 * averages.
 */
export function emitInference(graph: GraphBuilder, shape: ModelShape, inputs: Value): Value {
  return logitLayers(shape).layers.reduce((x, layer) => emitInferenceLayer(graph, layer, x), inputs);
}

/**
 * Emits the backward pass, last layer first. The gradient at the inputs of the first layer is not
 * needed.
 */
function emitBackward(layers: readonly EmittedLayer[], delta: Value): void {
  let gradient = delta;
  for (let index = layers.length - 1; index >= 0; index--) {
    const gradients = (layers[index] as EmittedLayer).backward(gradient);
    if (index > 0) gradient = gradients.inputs();
  }
}
