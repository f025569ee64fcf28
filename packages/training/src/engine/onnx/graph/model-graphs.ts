import type { LossPlan } from "@sintonia/tuning/plan/training-plan";
import type { ExampleForm } from "../../../model/example-form.js";
import { logitLayers, type ModelShape } from "../../../model/model-shape.js";
import { GraphBuilder, type Value } from "./builder/graph-builder.js";
import { emitActivation } from "./layer/activations.js";
import { emitLoss } from "./loss/losses.js";
import { emitInference, emitTraining } from "./model.js";

/** Name of the graph input for the rows of a batch, float32, shape (batch, features). */
export const INPUTS = "inputs";
/**
 * Name of the graph input for the targets of a batch: labels, int32, shape (batch, 1); or values,
 * float32, shape (batch, width).
 */
export const TARGETS = "targets";
/** Name of the graph input for the weights of a batch, float32, shape (batch, 1). */
export const WEIGHTS = "example_weights";
/** Name of the float32 output of the prediction graph, shape (batch, width). */
export const OUTPUTS = "outputs";
/** Name of the float32 scalar input of the training graph: 1 / batch size. */
export const BATCH_SHARE = "batch_share";

// One graph serves every batch size: a fixed size is not faster.
const BATCH = "batch";

/**
 * Encodes the training graph. Its outputs are the measures of a batch and the update of every
 * tensor: gradients of the mean loss without penalties, and mean and variance of the batch for
 * moving averages.
 */
export function trainingGraph(shape: ModelShape, loss: LossPlan, form: ExampleForm): Uint8Array {
  const graph = new GraphBuilder("training");
  const x = inputsAndTensors(graph, shape);
  const batch = lossBatch(graph, shape, form);
  const share = graph.input(BATCH_SHARE, "float32", []);
  const { logits, backward } = emitTraining(graph, shape, { x, share, batch: BATCH });
  const { gradient } = emitLoss(graph, { ...batch, plan: loss, logits });
  backward(graph.multiply(gradient(), share));
  return graph.encode();
}

/** Encodes the evaluation graph. Its outputs are the measures of a batch in inference. */
export function evaluationGraph(shape: ModelShape, loss: LossPlan, form: ExampleForm): Uint8Array {
  const graph = new GraphBuilder("evaluation");
  const x = inputsAndTensors(graph, shape);
  const batch = lossBatch(graph, shape, form);
  emitLoss(graph, { ...batch, plan: loss, logits: emitInference(graph, shape, x) });
  return graph.encode();
}

/** Encodes the prediction graph. Its output is `OUTPUTS` in inference. */
export function predictionGraph(shape: ModelShape): Uint8Array {
  const graph = new GraphBuilder("prediction");
  const x = inputsAndTensors(graph, shape);
  const { output } = emitActivation(graph, logitLayers(shape).activation, emitInference(graph, shape, x));
  graph.node("Identity", [output], { name: OUTPUTS });
  graph.output(OUTPUTS, "float32", [BATCH, shape.outputs]);
  return graph.encode();
}

function inputsAndTensors(graph: GraphBuilder, { features, tensors }: ModelShape): Value {
  const x = graph.input(INPUTS, "float32", [BATCH, features]);
  for (const { name, shape } of tensors) graph.input(name, "float32", shape);
  return x;
}

/** Declares the inputs of the loss beside the logits. */
function lossBatch(graph: GraphBuilder, shape: ModelShape, form: ExampleForm) {
  const isValues = form.targets === "values";
  return {
    form,
    activation: logitLayers(shape).activation,
    width: shape.outputs,
    targets: graph.input(TARGETS, isValues ? "float32" : "int32", [BATCH, isValues ? shape.outputs : 1]),
    weights: form.isWeighted ? graph.input(WEIGHTS, "float32", [BATCH, 1]) : undefined,
  };
}
