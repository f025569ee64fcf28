// Learning curves: a metric of each execution of a trial over its epochs.

import { decimated } from "./decimation.js";
import type { Measurements } from "./measurements.js";
import { PackedMeasurements } from "./packed.js";

/** A metric of one execution. The lists have equal lengths, at least 1. */
export interface Curve {
  readonly execution: number;
  /** Increasing numbers of epochs, from 0. */
  readonly epochs: readonly number[];
  /** Finite values of the metric. */
  readonly values: readonly number[];
  /** Learning rates at the start of the epochs. */
  readonly learningRates: readonly number[];
}

/** The numbers of one measurement, without an object: execution, epoch, learning rate, metric. */
type Visit = (execution: number, epoch: number, learningRate: number, value: number) => void;

/**
 * Returns the curve of each execution that has a finite value of the metric, by execution.
 *
 * @param pointsMax - limit of the points of a curve, at least 2; the extremes stay
 */
export function curvesOf(measurements: Measurements, metric: string, pointsMax: number): Curve[] {
  const curves: { execution: number; epochs: number[]; values: number[]; learningRates: number[] }[] = [];
  visitMetric(measurements, metric, (execution, epoch, learningRate, value) => {
    if (!Number.isFinite(value)) return;
    if (curves.at(-1)?.execution !== execution) curves.push({ execution, epochs: [], values: [], learningRates: [] });
    const curve = curves[curves.length - 1];
    curve?.epochs.push(epoch);
    curve?.values.push(value);
    curve?.learningRates.push(learningRate);
  });
  return curves.map((curve) => reduced(curve, pointsMax));
}

function visitMetric(measurements: Measurements, metric: string, visit: Visit): void {
  if (measurements instanceof PackedMeasurements) measurements.visitMetric(metric, visit);
  else
    for (const { execution, epoch, learningRate, metrics } of measurements)
      visit(execution, epoch, learningRate, metrics[metric] ?? Number.NaN);
}

function reduced(curve: Curve, pointsMax: number): Curve {
  const { execution, epochs, values, learningRates } = curve;
  if (values.length <= pointsMax) return curve;
  const kept = decimated(values, pointsMax);
  const keptOf = (numbers: readonly number[]): number[] => kept.map((index) => numbers[index] as number);
  return { execution, epochs: keptOf(epochs), values: keptOf(values), learningRates: keptOf(learningRates) };
}
