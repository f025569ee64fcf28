// Which epoch's weights an execution ends with, decided at the end of each epoch.

import type { Objective, TrainingPlan } from "@sintonia/tuning/plan/training-plan";
import { type CallbacksState, epochToRestore } from "../callback/callbacks.js";

/** An epoch that has just ended. */
export interface EndedEpoch {
  readonly epoch: number;
  /** Value of the objective's metric. */
  readonly value: number;
  /** After the epoch. */
  readonly callbacks: CallbacksState;
}

/** Tells whether an epoch's weights take the place of those that were kept before it. */
export function isKept(
  { training, objective }: TrainingPlan,
  kept: { readonly value: number },
  ended: EndedEpoch,
): boolean {
  if (training.keep !== "last-epoch") return isBetter(objective, ended.value, kept.value);
  // As Keras' `fit`, which restores EarlyStopping's best weights at the end however the training ended.
  const { epoch } = ended;
  return (epochToRestore(training.callbacks, ended.callbacks) ?? epoch) === epoch;
}

/** Whether a value is strictly better than another, so that the first of equals is kept. */
export function isBetter({ goal }: Objective, value: number, than: number): boolean {
  return goal === "maximize" ? value > than : value < than;
}
