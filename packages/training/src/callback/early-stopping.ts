import type { EarlyStoppingPlan } from "@sintonia/tuning/plan/training-plan";
import { type EpochMetrics, improves } from "./metric.js";

/** Plain JSON. */
export interface StoppingState {
  /** Last value that counted as an improvement; null before the first epoch. */
  readonly best: number | null;
  /** Epochs since then. */
  readonly wait: number;
}

export const STOPPING_START: StoppingState = { best: null, wait: 0 };

/**
 * Keras' EarlyStopping at the end of an epoch: training stops `patience` epochs after the last improvement. The first
 * epoch always improves, so that training never stops there.
 */
export function stopEarly(
  plan: EarlyStoppingPlan,
  state: StoppingState,
  metrics: EpochMetrics,
): { readonly state: StoppingState; readonly stop: boolean } {
  const current = metrics[plan.monitor];
  if (improves(plan, current, state.best)) return { state: { best: current, wait: 0 }, stop: false };
  const wait = state.wait + 1;
  return { state: { best: state.best, wait }, stop: wait >= plan.patience };
}
