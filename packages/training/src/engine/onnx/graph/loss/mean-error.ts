import type { GraphBuilder, Value } from "../builder/graph-builder.js";
import { emitActivation } from "../layer/activations.js";
import type { Loss, LossInputs } from "./loss.js";

/** Emits the mean over the outputs of (y - t)^2 or |y - t|. The derivative of |x| at 0 is 0. */
export function emitMeanError(graph: GraphBuilder, inputs: LossInputs): Loss {
  const { plan, activation, logits, width, targets } = inputs;
  const isSquared = plan.type === "mean_squared_error";
  const { output, gradient } = emitActivation(graph, activation, logits);
  const error = graph.subtract(output, targets);
  const sizes = isSquared ? graph.multiply(error, error) : graph.node("Abs", [error]);
  const slopes = (): Value => {
    const [direction, factor] = isSquared ? [error, 2 / width] : [graph.node("Sign", [error]), 1 / width];
    return graph.multiply(direction, graph.scalar(factor));
  };
  return {
    terms: graph.multiply(sizes, graph.scalar(1 / width)),
    outputs: output,
    gradient: () => gradient(slopes()),
  };
}
