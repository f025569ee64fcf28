import type { GraphBuilder, Value } from "../builder/graph-builder.js";
import { emitBinaryCrossentropy } from "./binary-crossentropy.js";
import { emitCategoricalCrossentropy } from "./categorical-crossentropy.js";
import type { Loss, LossInputs } from "./loss.js";
import { emitMeanError } from "./mean-error.js";

/** Name of the float32 scalar output: sum of the examples' losses without penalties. */
export const LOSS_SUM = "loss_sum";
/** Name of the float32 scalar output: number of correct examples. */
export const CORRECT = "correct";

/**
 * Emits a loss and the outputs `LOSS_SUM` and `CORRECT` of the graph.
 *
 * @param labels - int32, shape (batch, 1)
 */
export function emitLoss(
  graph: GraphBuilder,
  { labels, ...inputs }: Omit<LossInputs, "oneHot"> & { readonly labels: Value },
): Loss {
  const classNumbers = Int32Array.from({ length: inputs.classes }, (_, index) => index);
  const isTarget = graph.node("Equal", [labels, graph.constant(classNumbers, [1, inputs.classes])]);
  const loss = emitTerms(graph, { ...inputs, oneHot: graph.cast(isTarget, "float32") });
  graph.sum(loss.terms, LOSS_SUM);
  emitCorrect(graph, loss.outputs, labels);
  graph.output(LOSS_SUM, "float32", []);
  graph.output(CORRECT, "float32", []);
  return loss;
}

/** The engine's table of losses. */
function emitTerms(graph: GraphBuilder, inputs: LossInputs): Loss {
  switch (inputs.plan.type) {
    case "categorical_crossentropy":
    case "sparse_categorical_crossentropy":
      return emitCategoricalCrossentropy(graph, inputs);
    case "binary_crossentropy":
      return emitBinaryCrossentropy(graph, inputs);
    case "mean_squared_error":
    case "mean_absolute_error":
      return emitMeanError(graph, inputs);
  }
}

/**
 * Counts the examples whose largest output is at the label; of equal outputs, the first counts.
 */
function emitCorrect(graph: GraphBuilder, outputs: Value, labels: Value): void {
  const largest = graph.node("ArgMax", [outputs], { integers: { axis: 1, keepdims: 1 } });
  const isRight = graph.node("Equal", [graph.cast(largest, "int32"), labels]);
  graph.sum(graph.cast(isRight, "float32"), CORRECT);
}
