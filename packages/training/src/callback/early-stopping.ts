import type { EarlyStoppingPlan } from "@sintonia/tuning/plan/training-plan";
import type { Callback } from "./callback.js";
import { improves, metricOf } from "./metric.js";

/** The state of EarlyStopping. */
export interface StoppingState {
  /** Last value that counted as an improvement; null before epoch `startFromEpoch` has ended. */
  readonly best: number | null;
  /** Epoch of that value, counted from 0. */
  readonly bestEpoch: number | null;
  /** Number of epochs since the last improvement that also reached the baseline. */
  readonly wait: number;
}

/**
 * Keras' EarlyStopping: training stops `patience` epochs after the last improvement.
 *
 * The callback ignores the epochs before `startFromEpoch`; the first epoch after them always
 * improves. As in Keras, training never stops in an epoch that improves, even if `wait` exceeds
 * the patience because the baseline was missed.
 */
export const earlyStopping: Callback<EarlyStoppingPlan, StoppingState> = {
  start: { best: null, bestEpoch: null, wait: 0 },

  onEpochEnd(plan, state, { epoch, metrics }) {
    if (epoch < plan.startFromEpoch) return { state };
    const current = metricOf(metrics, plan.monitor);
    const wait = state.wait + 1;
    if (!improves(plan, current, state.best)) return { state: { ...state, wait }, stop: wait >= plan.patience };
    const reachesBaseline = plan.baseline === undefined || improves(plan, current, plan.baseline);
    return { state: { best: current, bestEpoch: epoch, wait: reachesBaseline ? 0 : wait } };
  },

  restoredEpoch: ({ restoreBestWeights }, { bestEpoch }) => (restoreBestWeights ? bestEpoch : null),
};
