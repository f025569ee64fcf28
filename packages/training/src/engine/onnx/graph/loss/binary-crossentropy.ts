import type { GraphBuilder, Value } from "../builder/graph-builder.js";
import { emitSmoothed, type Loss, type LossInputs } from "./loss.js";

/**
 * Emits the mean over classes of -t log(s) - (1 - t) log(1 - s), where s is the sigmoid of the logits z, in the form
 * max(z, 0) - z t + log(1 + exp(-|z|)), which does not overflow. The gradient is (s - t) / classes.
 */
export function emitBinaryCrossentropy(graph: GraphBuilder, inputs: LossInputs): Loss {
  const { plan, logits, classes, oneHot } = inputs;
  const smoothing = plan.labelSmoothing;
  const targets = emitSmoothed(graph, oneHot, { smoothing, floor: smoothing / 2 });
  const outputs = graph.node("Sigmoid", [logits]);
  const share = graph.scalar(1 / classes);
  const linear = graph.subtract(graph.node("Relu", [logits]), graph.multiply(logits, targets));
  return {
    terms: graph.multiply(graph.add(linear, emitSoftplusOfMinusAbsolute(graph, logits)), share),
    outputs,
    gradient: () => graph.multiply(graph.subtract(outputs, targets), share),
  };
}

/** log(1 + exp(-|z|)). */
function emitSoftplusOfMinusAbsolute(graph: GraphBuilder, z: Value): Value {
  const exponential = graph.node("Exp", [graph.node("Neg", [graph.node("Abs", [z])])]);
  return graph.node("Log", [graph.add(exponential, graph.scalar(1))]);
}
