import type { ReduceLROnPlateauPlan } from "@sintonia/tuning/plan/training-plan";
import type { Callback } from "./callback.js";
import { improves, metricOf } from "./metric.js";

/** The state of ReduceLROnPlateau. */
export interface PlateauState {
  /**
   * Last value that counted as an improvement; null before the first epoch. A reduction does not
   * reset it.
   */
  readonly best: number | null;
  /** Epochs without improvement, outside cooldowns. Keeps growing at the lowest learning rate. */
  readonly wait: number;
  /** Epochs that the present cooldown still covers. */
  readonly cooldown: number;
}

/**
 * Keras' ReduceLROnPlateau: multiplies the learning rate by `factor` after `patience` epochs
 * without improvement.
 *
 * As in Keras, the cooldown is decremented before it is tested: a cooldown of c ignores c - 1
 * epochs.
 */
export const reduceLROnPlateau: Callback<ReduceLROnPlateauPlan, PlateauState> = {
  start: { best: null, wait: 0, cooldown: 0 },

  onEpochEnd(plan, state, { metrics, learningRate }) {
    if (typeof learningRate !== "number") throw new RangeError("ReduceLROnPlateau cannot change a schedule");
    const current = metricOf(metrics, plan.monitor);
    const cooldown = Math.max(0, state.cooldown - 1);
    if (improves(plan, current, state.best)) return { state: { best: current, wait: 0, cooldown } };
    if (cooldown > 0) return { state: { best: state.best, wait: 0, cooldown } };
    const wait = state.wait + 1;
    if (wait < plan.patience || learningRate <= Math.fround(plan.minLr)) {
      return { state: { best: state.best, wait, cooldown } };
    }
    const reduced = Math.fround(Math.max(learningRate * plan.factor, plan.minLr));
    return { state: { best: state.best, wait: 0, cooldown: plan.cooldown }, learningRate: reduced };
  },
};
