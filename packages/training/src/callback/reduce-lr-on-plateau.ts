import type { ReduceLROnPlateauPlan } from "@sintonia/tuning/plan/training-plan";
import { type EpochMetrics, improves } from "./metric.js";

/** Plain JSON. */
export interface PlateauState {
  /** Last value that counted as an improvement; null before the first epoch. Reductions do not reset it. */
  readonly best: number | null;
  /** Epochs without improvement, cooldown aside. Grows on at the lowest learning rate. */
  readonly wait: number;
  /** Epochs that the cooldown still covers. */
  readonly cooldown: number;
}

export const PLATEAU_START: PlateauState = { best: null, wait: 0, cooldown: 0 };

/**
 * Keras' ReduceLROnPlateau at the end of an epoch.
 *
 * As in Keras the cooldown counts down before it is tested, so that a cooldown of c ignores c - 1 epochs.
 *
 * @param learningRate - of the epoch, a float32 value
 * @returns the learning rate of the next epoch, a float32 value
 */
export function reduceOnPlateau(
  plan: ReduceLROnPlateauPlan,
  state: PlateauState,
  metrics: EpochMetrics,
  learningRate: number,
): { readonly state: PlateauState; readonly learningRate: number } {
  const current = metrics[plan.monitor];
  const cooldown = Math.max(0, state.cooldown - 1);
  if (improves(plan, current, state.best)) return { state: { best: current, wait: 0, cooldown }, learningRate };
  if (cooldown > 0) return { state: { best: state.best, wait: 0, cooldown }, learningRate };
  const wait = state.wait + 1;
  if (wait < plan.patience || learningRate <= Math.fround(plan.minLr)) {
    return { state: { best: state.best, wait, cooldown }, learningRate };
  }
  const reduced = Math.fround(Math.max(learningRate * plan.factor, plan.minLr));
  return { state: { best: state.best, wait: 0, cooldown: plan.cooldown }, learningRate: reduced };
}
