import type { Measurement, TrialEpoch } from "@sintonia/protocol/measurement";

/** The measurements of a trial in order: a list, or the compact form of a trial that has ended. */
export interface Measurements extends Iterable<Measurement> {
  readonly length: number;
  /** Returns a measurement by its index; a negative index counts from the end. */
  at(index: number): Measurement | undefined;
  /** Returns the measurements from one index up to another one, as a list. */
  slice(start?: number, end?: number): readonly Measurement[];
}

/** Returns the index of an epoch's measurement; -1 if the epoch has none. */
export function indexOfEpoch(measurements: Measurements, { execution, epoch }: TrialEpoch): number {
  let index = 0;
  for (const measured of measurements) {
    if (measured.execution === execution && measured.epoch === epoch) return index;
    index += 1;
  }
  return -1;
}
