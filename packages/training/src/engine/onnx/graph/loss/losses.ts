import type { ExampleForm } from "../../../../model/example-form.js";
import type { GraphBuilder, Value } from "../builder/graph-builder.js";
import { emitBinaryCrossentropy } from "./binary-crossentropy.js";
import { emitCategoricalCrossentropy } from "./categorical-crossentropy.js";
import type { Loss, LossInputs } from "./loss.js";
import { emitMeanError } from "./mean-error.js";
import { emitCorrect, emitTargets } from "./targets.js";

/** Name of the float32 scalar output: weighted sum of the examples' losses without penalties. */
export const LOSS_SUM = "loss_sum";
/** Name of the float32 scalar output: number of correct examples. */
export const CORRECT = "correct";

/** A batch whose loss is emitted. */
interface LossBatch extends Omit<LossInputs, "targets"> {
  readonly form: ExampleForm;
  /** int32 labels, shape (batch, 1); or float32 values, shape (batch, width). */
  readonly targets: Value;
  /** Float32, shape (batch, 1); absent if all examples weigh 1. */
  readonly weights?: Value | undefined;
}

/** Emits a loss and the outputs `LOSS_SUM` and `CORRECT` of the graph. */
export function emitLoss(
  graph: GraphBuilder,
  { form, targets, weights, ...inputs }: LossBatch,
): Pick<Loss, "gradient"> {
  const loss = emitTerms(graph, { ...inputs, targets: emitTargets(graph, form.targets, { ...inputs, targets }) });
  const weighted = (value: Value) => (weights === undefined ? value : graph.multiply(value, weights));
  graph.sum(weighted(loss.terms), LOSS_SUM);
  emitCorrect(graph, form.targets, { outputs: loss.outputs, targets, name: CORRECT });
  graph.output(LOSS_SUM, "float32", []);
  graph.output(CORRECT, "float32", []);
  return { gradient: () => weighted(loss.gradient()) };
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
    case "huber":
      return emitMeanError(graph, inputs);
  }
}
