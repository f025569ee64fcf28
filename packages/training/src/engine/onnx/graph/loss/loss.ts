import type { Activation, LossPlan } from "@sintonia/tuning/plan/training-plan";
import type { GraphBuilder, Value } from "../builder/graph-builder.js";

/** What a loss is computed from. */
export interface LossInputs {
  readonly plan: LossPlan;
  /** Of the last layer. */
  readonly activation: Activation;
  /** Shape (batch, classes). */
  readonly logits: Value;
  readonly classes: number;
  /** Shape (batch, classes), 1 at the label and 0 elsewhere. */
  readonly oneHot: Value;
}

export interface Loss {
  /** Shape (batch, classes). The loss of the batch is its sum. */
  readonly terms: Value;
  /** Outputs of the model, shape (batch, classes). */
  readonly outputs: Value;
  /** Emits the gradient of the batch's loss at the logits. */
  readonly gradient: () => Value;
}

/** Emits the one-hot targets with a share `smoothing` spread: 1 becomes 1 - smoothing + floor, 0 becomes floor. */
export function emitSmoothed(
  graph: GraphBuilder,
  oneHot: Value,
  { smoothing, floor }: { readonly smoothing: number; readonly floor: number },
): Value {
  if (smoothing === 0) return oneHot;
  return graph.add(graph.multiply(oneHot, graph.scalar(1 - smoothing)), graph.scalar(floor));
}
