import type { GraphBuilder } from "../builder/graph-builder.js";
import { emitSmoothed, type Loss, type LossInputs } from "./loss.js";

/**
 * Emits categorical cross-entropy, -sum t log(softmax(z)). As in TensorFlow, the logarithm is
 * computed from the logits z and not clipped. The gradient at z is softmax(z) - t, because the
 * targets of an example sum to 1.
 */
export function emitCategoricalCrossentropy(graph: GraphBuilder, inputs: LossInputs): Loss {
  const { plan, logits, width } = inputs;
  const smoothing = plan.labelSmoothing;
  const targets = emitSmoothed(graph, inputs.targets, { smoothing, floor: smoothing / width });
  const logProbabilities = graph.node("LogSoftmax", [logits], { integers: { axis: 1 } });
  const outputs = graph.node("Softmax", [logits], { integers: { axis: 1 } });
  return {
    terms: graph.node("Neg", [graph.multiply(targets, logProbabilities)]),
    outputs,
    gradient: () => graph.subtract(outputs, targets),
  };
}
