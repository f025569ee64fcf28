import type { GraphBuilder, Value } from "../builder/graph-builder.js";
import { emitSmoothed, type Loss, type LossInputs } from "./loss.js";

/**
 * Emits binary cross-entropy: the mean over the outputs of -t log(y) - (1 - t) log(1 - y) with y =
 * sigmoid(z). The graph computes max(z, 0) - z t + log(1 + exp(-|z|)), which is equal and does not
 * overflow. The gradient at z is (y - t) / width.
 */
export function emitBinaryCrossentropy(graph: GraphBuilder, inputs: LossInputs): Loss {
  const { plan, logits, width } = inputs;
  const smoothing = plan.labelSmoothing;
  const targets = emitSmoothed(graph, inputs.targets, { smoothing, floor: smoothing / 2 });
  const outputs = graph.node("Sigmoid", [logits]);
  const share = graph.scalar(1 / width);
  const linear = graph.subtract(graph.node("Relu", [logits]), graph.multiply(logits, targets));
  return {
    terms: graph.multiply(graph.add(linear, emitSoftplusOfMinusAbsolute(graph, logits)), share),
    outputs,
    gradient: () => graph.multiply(graph.subtract(outputs, targets), share),
  };
}

/** Emits log(1 + exp(-|z|)). */
function emitSoftplusOfMinusAbsolute(graph: GraphBuilder, z: Value): Value {
  const exponential = graph.node("Exp", [graph.node("Neg", [graph.node("Abs", [z])])]);
  return graph.node("Log", [graph.add(exponential, graph.scalar(1))]);
}
