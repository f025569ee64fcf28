import type { EarlyStoppingPlan } from "@sintonia/tuning/plan/training-plan";
import { type EpochMetrics, improves } from "./metric.js";

/** Plain JSON. */
export interface StoppingState {
  /** Last value that counted as an improvement; null before the first epoch that is looked at. */
  readonly best: number | null;
  /** Epoch of that value, counted from 0. */
  readonly bestEpoch: number | null;
  /** Epochs without an improvement that reached the baseline. */
  readonly wait: number;
}

export const STOPPING_START: StoppingState = { best: null, bestEpoch: null, wait: 0 };

/**
 * Keras' EarlyStopping at the end of an epoch: training stops `patience` epochs after the last improvement. The first
 * epoch that is looked at always improves, and training never stops in an epoch that does, even if the baseline left the
 * patience running out.
 *
 * @param epoch - the one that ended, counted from 0
 */
export function stopEarly(
  plan: EarlyStoppingPlan,
  state: StoppingState,
  metrics: EpochMetrics,
  epoch: number,
): { readonly state: StoppingState; readonly stop: boolean } {
  if (epoch < plan.startFromEpoch) return { state, stop: false };
  const current = metrics[plan.monitor];
  const wait = state.wait + 1;
  if (!improves(plan, current, state.best)) return { state: { ...state, wait }, stop: wait >= plan.patience };
  const reachesBaseline = plan.baseline === undefined || improves(plan, current, plan.baseline);
  return { state: { best: current, bestEpoch: epoch, wait: reachesBaseline ? 0 : wait }, stop: false };
}
