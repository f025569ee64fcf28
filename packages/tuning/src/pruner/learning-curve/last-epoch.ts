import type { LearningCurve } from "../contract/pruner.js";

/** An epoch of an execution, both from 0. */
export interface EpochPlace {
  readonly execution: number;
  readonly epoch: number;
}

/** Returns the place of the last epoch of a curve; undefined if it has no epoch. */
export function lastEpochOf({ executions }: LearningCurve): EpochPlace | undefined {
  const execution = executions.length - 1;
  const epoch = (executions[execution]?.length ?? 0) - 1;
  return epoch < 0 ? undefined : { execution, epoch };
}

/**
 * Returns true if a pruner compares in an epoch: after the warm-up, then once an interval.
 *
 * @param epoch - epoch of the execution, from 0
 * @see Optuna 5, `_is_first_in_interval_step` for steps without gaps
 */
export function isCompared(
  epoch: number,
  { warmupEpochs, interval }: { readonly warmupEpochs: number; readonly interval: number },
): boolean {
  return epoch >= warmupEpochs && (epoch - warmupEpochs) % interval === 0;
}
