import { goalOfMetric } from "@sintonia/tuning/plan/metric";
import type { MetricName, MonitorMode } from "@sintonia/tuning/plan/training-plan";

/** The metrics that one epoch measured, finite float32 values. */
export type EpochMetrics = Readonly<Partial<Record<MetricName, number>>>;

/**
 * Returns a metric of an epoch.
 *
 * @throws {RangeError} if the epoch did not measure it
 */
export function metricOf(metrics: EpochMetrics, name: MetricName): number {
  const value = metrics[name];
  if (value !== undefined) return value;
  throw new RangeError(`the epoch measured ${Object.keys(metrics).join(", ")}, not ${name}`);
}

/** A metric that a callback watches. */
interface Watch {
  readonly monitor: MetricName;
  /** Direction of an improvement; `auto` is the one of the metric. */
  readonly mode: MonitorMode;
  /** Smallest change that is an improvement, at least 0. */
  readonly minDelta: number;
}

/**
 * Returns true if a watched metric improved, as Keras 3.11 and later decide: `minDelta` is added
 * to or subtracted from the current value, both sides are rounded to float32, and the comparison
 * is strict.
 *
 * The rounding decides the most common case. With 10,000 validation images and a `minDelta` of
 * 1e-4, one more correct image is never an improvement once the accuracy is at least one half. In
 * float64 the answer would depend on the accuracy.
 *
 * @param best - null before the first epoch, which always improves
 */
export function improves({ monitor, mode, minDelta }: Watch, current: number, best: number | null): boolean {
  if (best === null) return true;
  const isDownwards = mode === "min" || (mode === "auto" && goalOfMetric(monitor) === "minimize");
  return isDownwards
    ? Math.fround(current + minDelta) < Math.fround(best)
    : Math.fround(current - minDelta) > Math.fround(best);
}
