// Which epoch's weights an execution ends with, decided at the end of each epoch.

import type { Objective, TrainingPlan } from "@sintonia/tuning/plan/training-plan";
import type { CallbacksState } from "../callback/callbacks.js";
import type { StoppingState } from "../callback/early-stopping.js";

/** An epoch that has just ended. */
export interface EndedEpoch {
  /** Value of the objective's metric. */
  readonly value: number;
  readonly callbacksBefore: CallbacksState;
  readonly callbacksAfter: CallbacksState;
}

/**
 * Tells whether an epoch's weights take the place of those that were kept so far.
 *
 * @param kept - what was kept before; undefined before the first epoch, which is always kept
 */
export function isKept(plan: TrainingPlan, kept: { readonly value: number } | undefined, epoch: EndedEpoch): boolean {
  if (kept === undefined) return true;
  return plan.training.keep === "last-epoch"
    ? isLeftByFit(plan.training, epoch)
    : isBetter(plan.objective, epoch.value, kept.value);
}

/** Whether a value is strictly better than another, so that the first of equals is kept. */
export function isBetter({ goal }: Objective, value: number, than: number): boolean {
  return goal === "maximize" ? value > than : value < than;
}

/**
 * As Keras' `fit`, whose EarlyStopping restores its best weights at the end however the training ended; of several the last
 * one that has seen an epoch has its way. Its best value changes with every epoch that improves, and only then.
 */
function isLeftByFit(
  { callbacks }: TrainingPlan["training"],
  { callbacksBefore, callbacksAfter }: EndedEpoch,
): boolean {
  const bestAt = (state: CallbacksState, index: number) => (state.callbacks[index] as StoppingState).best;
  const restoring = callbacks.findLastIndex(
    (plan, index) => plan.type === "EarlyStopping" && plan.restoreBestWeights && bestAt(callbacksAfter, index) !== null,
  );
  return restoring < 0 || !Object.is(bestAt(callbacksBefore, restoring), bestAt(callbacksAfter, restoring));
}
