import type { LossPlan } from "@sintonia/tuning/plan/training-plan";
import { logitLayers, type ModelShape } from "../../../model/model-shape.js";
import { GraphBuilder } from "./builder/graph-builder.js";
import { emitLoss } from "./loss/losses.js";
import { emitInference, emitTraining } from "./model.js";

/** Name of the graph input for the rows of a batch, float32, shape (batch, features). */
export const INPUTS = "inputs";
/** Name of the graph input for the labels of a batch, int32, shape (batch, 1). */
export const LABELS = "labels";
/** Name of the float32 scalar input of the training graph: 1 / batch size. */
export const BATCH_SHARE = "batch_share";

// One graph serves every batch size: a fixed size is not faster.
const BATCH = "batch";

/**
 * Encodes the training graph. Its outputs are the measures of a batch and the update of every
 * tensor: gradients of the mean loss without penalties, and mean and variance of the batch for
 * moving averages.
 */
export function trainingGraph(shape: ModelShape, loss: LossPlan): Uint8Array {
  const graph = new GraphBuilder("training");
  const { x, labels } = batchAndTensors(graph, shape);
  const share = graph.input(BATCH_SHARE, "float32", []);
  const { logits, backward } = emitTraining(graph, shape, { x, share, batch: BATCH });
  const { gradient } = emitLoss(graph, { ...outputsOf(shape), plan: loss, logits, labels });
  backward(graph.multiply(gradient(), share));
  return graph.encode();
}

/** Encodes the evaluation graph. Its outputs are the measures of a batch in inference. */
export function evaluationGraph(shape: ModelShape, loss: LossPlan): Uint8Array {
  const graph = new GraphBuilder("evaluation");
  const { x, labels } = batchAndTensors(graph, shape);
  emitLoss(graph, { ...outputsOf(shape), plan: loss, logits: emitInference(graph, shape, x), labels });
  return graph.encode();
}

function batchAndTensors(graph: GraphBuilder, { features, tensors }: ModelShape) {
  const x = graph.input(INPUTS, "float32", [BATCH, features]);
  const labels = graph.input(LABELS, "int32", [BATCH, 1]);
  for (const { name, shape } of tensors) graph.input(name, "float32", shape);
  return { x, labels };
}

function outputsOf(shape: ModelShape) {
  return { activation: logitLayers(shape).activation, classes: shape.classes };
}
