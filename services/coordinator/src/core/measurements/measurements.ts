import type { Measurement, TrialEpoch } from "@sintonia/protocol/measurement";

/** The measurements of a trial in order: a list, or the compact form of a trial that has ended. */
export interface Measurements extends Iterable<Measurement> {
  readonly length: number;
  /** Returns a measurement by its index; a negative index counts from the end. */
  at(index: number): Measurement | undefined;
  /** Returns the measurements from one index up to another one, as a list. */
  slice(start?: number, end?: number): readonly Measurement[];
}

/**
 * Returns the index of an epoch's measurement; -1 if the epoch has none. Measurements are ordered
 * by execution and epoch: the search halves their range with every step.
 */
export function indexOfEpoch(measurements: Measurements, { execution, epoch }: TrialEpoch): number {
  let [from, to] = [0, measurements.length - 1];
  // An epoch that is not reported yet follows the last one.
  for (let index = to; from <= to; index = (from + to) >> 1) {
    const measured = measurements.at(index) as Measurement;
    const order = measured.execution - execution || measured.epoch - epoch;
    if (order === 0) return index;
    if (order < 0) from = index + 1;
    else to = index - 1;
  }
  return -1;
}
