import type { LossPlan } from "@sintonia/tuning/plan/training-plan";
import type { GraphBuilder, Value } from "../builder/graph-builder.js";
import { emitActivation } from "../layer/activations.js";
import type { Loss, LossInputs } from "./loss.js";

/**
 * Emits the mean over the outputs of (y - t)^2, |y - t| or Huber's loss. The derivative of |x| at 0
 * is 0.
 */
export function emitMeanError(graph: GraphBuilder, inputs: LossInputs): Loss {
  const { plan, activation, logits, width, targets } = inputs;
  const { output, gradient } = emitActivation(graph, activation, logits);
  const error = graph.subtract(output, targets);
  const { size, slope } = emitError(graph, plan, error);
  return {
    terms: graph.multiply(size, graph.scalar(1 / width)),
    outputs: output,
    gradient: () => {
      const { direction, factor } = slope();
      return gradient(graph.multiply(direction, graph.scalar(factor / width)));
    },
  };
}

/** The loss of single errors, and its derivative as a product. */
interface ErrorLoss {
  readonly size: Value;
  readonly slope: () => { readonly direction: Value; readonly factor: number };
}

/** With c = min(max(e, -delta), delta), Huber's loss is c (e - c / 2) and its derivative c. */
function emitError(graph: GraphBuilder, { type, delta = 1 }: LossPlan, error: Value): ErrorLoss {
  if (type === "mean_squared_error") {
    return { size: graph.multiply(error, error), slope: () => ({ direction: error, factor: 2 }) };
  }
  if (type === "mean_absolute_error") {
    const slope = () => ({ direction: graph.node("Sign", [error]), factor: 1 });
    return { size: graph.node("Abs", [error]), slope };
  }
  const clipped = graph.node("Clip", [error, graph.scalar(-delta), graph.scalar(delta)]);
  const rest = graph.subtract(error, graph.multiply(clipped, graph.scalar(0.5)));
  return { size: graph.multiply(clipped, rest), slope: () => ({ direction: clipped, factor: 1 }) };
}
