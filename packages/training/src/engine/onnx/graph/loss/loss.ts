import type { Activation, LossPlan } from "@sintonia/tuning/plan/training-plan";
import type { GraphBuilder, Value } from "../builder/graph-builder.js";

/** The inputs of a loss. */
export interface LossInputs {
  readonly plan: LossPlan;
  /** Activation of the last layer. */
  readonly activation: Activation;
  /** z: outputs of the last layer before its activation, shape (batch, width). */
  readonly logits: Value;
  /** Number of outputs of the model. */
  readonly width: number;
  /** Targets before smoothing, float32, shape (batch, width). Of one-hot form, 1 at the label. */
  readonly targets: Value;
}

/** A loss that was emitted. */
export interface Loss {
  /** Terms of the loss, shape (batch, width); their sum is the loss of the batch. */
  readonly terms: Value;
  /** Outputs of the model, shape (batch, width). */
  readonly outputs: Value;
  /** Emits the gradient of the batch's loss at the logits. */
  readonly gradient: () => Value;
}

/** Emits smoothed targets, t (1 - smoothing) + floor for targets t. */
export function emitSmoothed(
  graph: GraphBuilder,
  targets: Value,
  { smoothing, floor }: { readonly smoothing: number; readonly floor: number },
): Value {
  if (smoothing === 0) return targets;
  return graph.add(graph.multiply(targets, graph.scalar(1 - smoothing)), graph.scalar(floor));
}
