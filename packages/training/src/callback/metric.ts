import type { MetricName, MonitorMode } from "@sintonia/tuning/plan/training-plan";

/** Metrics of one epoch under Keras' names; finite float32 values as numbers. */
export type EpochMetrics = Readonly<Record<MetricName, number>>;

/** A metric that a callback watches, and the change from which it counts. */
export interface Watch {
  readonly monitor: MetricName;
  readonly mode: MonitorMode;
  /** At least 0. */
  readonly minDelta: number;
}

/**
 * Says whether a watched metric improved, as Keras 3.11 and newer: the delta goes onto the current value, and both sides
 * are rounded to float32 before they are compared strictly. By itself a loss improves downwards, an accuracy upwards.
 *
 * The rounding decides the most common case: with 10,000 validation images and a `minDelta` of 1e-4, one more correct
 * image is never an improvement from an accuracy of one half upwards. In float64 it would depend on the accuracy.
 *
 * @param best - null before the first epoch, which always improves
 */
export function improves({ monitor, mode, minDelta }: Watch, current: number, best: number | null): boolean {
  if (best === null) return true;
  const isLess = mode === "min" || (mode === "auto" && monitor.endsWith("loss"));
  return isLess
    ? Math.fround(current + minDelta) < Math.fround(best)
    : Math.fround(current - minDelta) > Math.fround(best);
}
