import type { AdamConstants } from "../../adam-step.js";
import type { DenseShape, ModelShape } from "../../model-shape.js";
import { AdamEmitter } from "./adam.js";
import { emitBackward } from "./backward.js";
import { emitForward, type LayerParameters } from "./forward.js";
import { GraphBuilder, type Value } from "./graph-builder.js";
import { emitLoss } from "./loss.js";

/** Names of the inputs that a batch fills: float32 (batch, features) and uint8 (batch, 1). */
export const INPUTS = "inputs";
export const LABELS = "labels";
/** Names of a step's scalar inputs, float32. */
export const GRADIENT_SCALE = "gradient_scale";
export const STEP_SIZE = "step_size";

// One graph serves every batch size: a fixed size was measured to be no faster.
const BATCH = "batch";

/** A graph that measures a batch with the weights it is given, and computes the weights after one step of Adam. */
export function trainingGraph(shape: ModelShape, constants: AdamConstants): Uint8Array {
  const graph = new GraphBuilder("training_step");
  const { inputs, labels, parameters } = batchAndParameters(graph, shape);
  const scale = graph.input(GRADIENT_SCALE, "float32", []);
  const adam = new AdamEmitter(graph, constants, graph.input(STEP_SIZE, "float32", []));
  const forward = emitForward(graph, shape, { inputs, parameters });
  const loss = emitLoss(graph, { logits: forward.logits, labels, classes: shape.classes });
  const gradients = emitBackward(graph, shape, { forward, loss, parameters, scale });
  for (const [index, layer] of shape.layers.entries()) {
    const [weights, gradient] = [parameters[index] as LayerParameters, gradients[index] as LayerParameters];
    const { inputs, units } = layer as DenseShape;
    adam.emit(weights.kernel, gradient.kernel, [inputs, units]);
    adam.emit(weights.bias, gradient.bias, [units]);
  }
  return graph.encode();
}

/** A graph that measures a batch with the weights it is given. */
export function evaluationGraph(shape: ModelShape): Uint8Array {
  const graph = new GraphBuilder("evaluation");
  const { inputs, labels, parameters } = batchAndParameters(graph, shape);
  const { logits } = emitForward(graph, shape, { inputs, parameters });
  emitLoss(graph, { logits, labels, classes: shape.classes });
  return graph.encode();
}

function batchAndParameters(graph: GraphBuilder, shape: ModelShape) {
  const inputs: Value = graph.input(INPUTS, "float32", [BATCH, shape.features]);
  const labels: Value = graph.input(LABELS, "uint8", [BATCH, 1]);
  for (const { name, shape: dims } of shape.tensors) graph.input(name, "float32", dims);
  return { inputs, labels, parameters: layerParameters(shape) };
}

/** Names of every dense layer's tensors. */
export function layerParameters({ layers }: ModelShape): LayerParameters[] {
  return layers.flatMap((layer) =>
    layer.type === "Dense" && layer.bias !== undefined ? [{ kernel: layer.kernel.name, bias: layer.bias.name }] : [],
  );
}
