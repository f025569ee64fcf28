import { emitProbabilities } from "./forward.js";
import type { GraphBuilder, Value } from "./graph-builder.js";

/** Names of the scalar outputs, float32. */
export const LOSS_SUM = "loss_sum";
export const CORRECT = "correct";

/** What the backward pass needs of the loss. */
export interface LossValues {
  readonly probabilities: Value;
  /** Shape (batch, classes), 1 at the label and 0 elsewhere. */
  readonly oneHot: Value;
}

/**
 * Emits categorical cross-entropy of softmax(logits), summed over the batch, and the count of examples whose first
 * largest probability is at the label. The logarithm is taken of the logits, unclipped, as TensorFlow does.
 *
 * @param labels - uint8, shape (batch, 1)
 */
export function emitLoss(
  graph: GraphBuilder,
  { logits, labels, classes }: { readonly logits: Value; readonly labels: Value; readonly classes: number },
): LossValues {
  const target = graph.cast(labels, "int32");
  const iota = graph.constant(
    Int32Array.from({ length: classes }, (_, index) => index),
    [1, classes],
  );
  const oneHot = graph.cast(graph.node("Equal", [target, iota]), "float32");
  const logProbabilities = graph.node("LogSoftmax", [logits], { attributes: { axis: 1 } });
  const probabilities = emitProbabilities(graph, logits);
  const sum = graph.node("ReduceSum", [graph.node("Mul", [oneHot, logProbabilities])], { attributes: { keepdims: 0 } });
  graph.node("Neg", [sum], { name: LOSS_SUM });
  emitCorrect(graph, probabilities, target);
  graph.output(LOSS_SUM, "float32", []);
  graph.output(CORRECT, "float32", []);
  return { probabilities, oneHot };
}

function emitCorrect(graph: GraphBuilder, probabilities: Value, target: Value): void {
  const largest = graph.node("ArgMax", [probabilities], { attributes: { axis: 1, keepdims: 1 } });
  const hits = graph.cast(graph.node("Equal", [graph.cast(largest, "int32"), target]), "float32");
  graph.node("ReduceSum", [hits], { name: CORRECT, attributes: { keepdims: 0 } });
}
