import type { GraphBuilder } from "../builder/graph-builder.js";
import { emitSmoothed, type Loss, type LossInputs } from "./loss.js";

/**
 * Emits -sum t log(softmax(logits)), with the logarithm taken of the logits, unclipped, as TensorFlow does. The gradient
 * is softmax(logits) - t, since targets sum to 1.
 */
export function emitCategoricalCrossentropy(graph: GraphBuilder, inputs: LossInputs): Loss {
  const { plan, logits, classes, oneHot } = inputs;
  const smoothing = plan.labelSmoothing;
  const targets = emitSmoothed(graph, oneHot, { smoothing, floor: smoothing / classes });
  const logProbabilities = graph.node("LogSoftmax", [logits], { integers: { axis: 1 } });
  const outputs = graph.node("Softmax", [logits], { integers: { axis: 1 } });
  return {
    terms: graph.node("Neg", [graph.multiply(targets, logProbabilities)]),
    outputs,
    gradient: () => graph.subtract(outputs, targets),
  };
}
