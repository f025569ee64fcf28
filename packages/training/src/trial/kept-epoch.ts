// At the end of each epoch, an execution decides whether the weights of that epoch become the ones
// that it would end with.

import { isBetter } from "@sintonia/tuning/objective/goal";
import { type CallbacksState, epochToRestore } from "../callback/callbacks.js";
import type { EpochsPlan } from "./trial.js";

/** An epoch that has just ended. */
interface EndedEpoch {
  readonly epoch: number;
  /** Value of the objective's metric. */
  readonly value: number;
  /** State of the callbacks after the epoch. */
  readonly callbacks: CallbacksState;
}

/**
 * Returns true if the weights of an epoch replace those that were kept before it.
 *
 * With `keep: "last-epoch"` the execution ends as Keras' `fit` does: with the epoch that
 * EarlyStopping restores, even if the training ended for another reason, and otherwise with the
 * last epoch. By default it ends with the best epoch.
 */
export function isKept(
  { training, objective }: Pick<EpochsPlan, "training" | "objective">,
  kept: { readonly value: number },
  ended: EndedEpoch,
): boolean {
  if (training.keep !== "last-epoch") return isBetter(ended.value, kept.value, objective.goal);
  const { epoch } = ended;
  return (epochToRestore(training.callbacks, ended.callbacks) ?? epoch) === epoch;
}
