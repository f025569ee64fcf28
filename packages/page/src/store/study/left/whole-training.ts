// How many epochs a training has that goes on to its end.

import { type Trial, TrialState } from "@sintonia/proto/sintonia/v1/study";
import { expectedEpochs, type Stopping } from "./early-stopping.js";

interface TrainedSpec {
  readonly training?: { readonly callbacks?: readonly { readonly type?: unknown; readonly patience?: unknown }[] };
}

/** Returns the early stopping of trials of one execution; undefined if there is none. */
export function stoppingOf(specJson: string, trials: readonly Trial[]): Stopping | undefined {
  const { training } = (specJson === "" ? {} : JSON.parse(specJson)) as TrainedSpec;
  const callbacks = training?.callbacks ?? [];
  const { maxEpochs = 0, executions = 1 } = plannedTrial(trials) ?? {};
  const patience = Number(callbacks.find(({ type }) => type === "EarlyStopping")?.patience);
  const reducesRate = callbacks.some(({ type }) => type === "ReduceLROnPlateau");
  return maxEpochs > 0 && executions === 1 && patience > 0
    ? { patience: Math.min(patience, maxEpochs), maxEpochs, reducesRate }
    : undefined;
}

/**
 * Returns the epochs of a whole training with all its executions: the mean of the completed ones;
 * before the first, the number that early stopping lets expect, or the largest one. Undefined if no
 * trial states one, as programs may.
 */
export function wholeLength(trials: readonly Trial[], stopping: Stopping | undefined): number | undefined {
  const completed = trials.filter(({ state }) => state === TrialState.COMPLETED).map(({ epochs }) => epochs);
  if (completed.length > 0) return completed.reduce((sum, epochs) => sum + epochs, 0) / completed.length;
  if (stopping !== undefined) return expectedEpochs(stopping, 1, 1);
  const planned = plannedTrial(trials);
  return planned && planned.executions * planned.maxEpochs;
}

function plannedTrial(trials: readonly Trial[]): Trial | undefined {
  return trials.find(({ maxEpochs }) => maxEpochs > 0);
}
