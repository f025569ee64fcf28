import type { LossPlan } from "@sintonia/tuning/plan/training-plan";
import { logitLayers, type ModelShape } from "../../../model/model-shape.js";
import { GraphBuilder } from "./builder/graph-builder.js";
import { emitLoss } from "./loss/losses.js";
import { emitInference, emitTraining } from "./model.js";

/** Names of the inputs that a batch fills: float32 (batch, features) and uint8 (batch, 1). */
export const INPUTS = "inputs";
export const LABELS = "labels";
/** Name of a step's scalar input, float32: 1 / batch size. */
export const BATCH_SHARE = "batch_share";

// One graph serves every batch size: a fixed size was measured to be no faster.
const BATCH = "batch";

/**
 * A graph that measures a batch in training, and computes the update of every tensor: gradients of the mean loss
 * without penalties, and the batch's mean and variance for moving averages.
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

/** A graph that measures a batch with finished weights. */
export function evaluationGraph(shape: ModelShape, loss: LossPlan): Uint8Array {
  const graph = new GraphBuilder("evaluation");
  const { x, labels } = batchAndTensors(graph, shape);
  emitLoss(graph, { ...outputsOf(shape), plan: loss, logits: emitInference(graph, shape, x), labels });
  return graph.encode();
}

function batchAndTensors(graph: GraphBuilder, { features, tensors }: ModelShape) {
  const x = graph.input(INPUTS, "float32", [BATCH, features]);
  const labels = graph.input(LABELS, "uint8", [BATCH, 1]);
  for (const { name, shape } of tensors) graph.input(name, "float32", shape);
  return { x, labels };
}

function outputsOf(shape: ModelShape) {
  return { activation: logitLayers(shape).activation, classes: shape.classes };
}
