import type { Activation, LossPlan } from "@sintonia/tuning/plan/training-plan";
import type { GraphBuilder, Value } from "../builder/graph-builder.js";

/** The inputs of a loss. */
export interface LossInputs {
  readonly plan: LossPlan;
  /** Activation of the last layer. */
  readonly activation: Activation;
  /** z: outputs of the last layer before its activation, shape (batch, classes). */
  readonly logits: Value;
  readonly classes: number;
  /** Shape (batch, classes), 1 at the label and 0 elsewhere. */
  readonly oneHot: Value;
}

/** A loss that was emitted. */
export interface Loss {
  /** Terms of the loss, shape (batch, classes); their sum is the loss of the batch. */
  readonly terms: Value;
  /** Outputs of the model, shape (batch, classes). */
  readonly outputs: Value;
  /** Emits the gradient of the batch's loss at the logits. */
  readonly gradient: () => Value;
}

/** Emits smoothed targets, t (1 - smoothing) + floor for one-hot targets t. */
export function emitSmoothed(
  graph: GraphBuilder,
  oneHot: Value,
  { smoothing, floor }: { readonly smoothing: number; readonly floor: number },
): Value {
  if (smoothing === 0) return oneHot;
  return graph.add(graph.multiply(oneHot, graph.scalar(1 - smoothing)), graph.scalar(floor));
}
