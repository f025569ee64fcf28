import type { DenseShape, LayerShape, ModelShape } from "../../../model/model-shape.js";
import type { GraphBuilder, Value } from "./builder/graph-builder.js";
import type { Dimension } from "./builder/protobuf.js";
import { emitActivation } from "./layer/activations.js";
import { emitBatchNormalization, emitMovingNormalization } from "./layer/batch-normalization.js";
import { emitDense } from "./layer/dense.js";
import { emitDropout } from "./layer/dropout.js";
import type { Operation } from "./layer/layer.js";

// The last layer's activation is left to the loss, which is mostly computed from the logits: the values before the
// activation, of shape (batch, classes). The model's tensors are read under their own names.

/** What a model reads while it trains. */
export interface TrainingInputs {
  /** Shape (batch, features). */
  readonly x: Value;
  /** Scalar, 1 / batch size. */
  readonly share: Value;
  readonly batch: Dimension;
}

/** A model in training. */
export interface TrainedModel {
  readonly logits: Value;
  /** Emits the updates of all tensors from the gradient at the logits. */
  readonly backward: (delta: Value) => void;
}

/** Emits a model as it is in training: with dropout, and batch normalization by the batch. */
export function emitTraining(graph: GraphBuilder, { layers }: ModelShape, inputs: TrainingInputs): TrainedModel {
  const operations: Operation[] = [];
  let x = inputs.x;
  for (const [index, layer] of layers.entries()) {
    const operation = emitLayer(graph, layer, { ...inputs, x, index, isLast: index === layers.length - 1 });
    operations.push(operation);
    x = operation.output;
  }
  const firstTrained = layers.findIndex(({ type }) => type !== "Dropout");
  return { logits: x, backward: (delta) => emitBackward(operations.slice(firstTrained), delta) };
}

/** Emits a model as it is after training: without dropout, and batch normalization by the moving averages. */
export function emitInference(graph: GraphBuilder, { layers }: ModelShape, inputs: Value): Value {
  let x = inputs;
  for (const [index, layer] of layers.entries()) {
    if (layer.type === "BatchNormalization") x = emitMovingNormalization(graph, layer, x);
    if (layer.type === "Dense") x = emitActivated(graph, layer, { x, isLast: index === layers.length - 1 }).output;
  }
  return x;
}

function emitLayer(
  graph: GraphBuilder,
  layer: LayerShape,
  at: TrainingInputs & { readonly index: number; readonly isLast: boolean },
): Operation {
  switch (layer.type) {
    case "Dense":
      return emitActivated(graph, layer, at);
    case "Dropout":
      return emitDropout(graph, layer, at);
    case "BatchNormalization":
      return emitBatchNormalization(graph, layer, at);
  }
}

function emitActivated(
  graph: GraphBuilder,
  layer: DenseShape,
  { x, isLast }: { readonly x: Value; readonly isLast: boolean },
): Operation {
  const dense = emitDense(graph, layer, x);
  if (isLast) return dense;
  const activation = emitActivation(graph, layer.activation, dense.output);
  return { output: activation.output, backward: (delta) => dense.backward(activation.backward(delta)()) };
}

function emitBackward(operations: readonly Operation[], delta: Value): void {
  let gradient = delta;
  for (let index = operations.length - 1; index >= 0; index--) {
    const emitInputGradient = (operations[index] as Operation).backward(gradient);
    if (index > 0) gradient = emitInputGradient();
  }
}
