// Measurements in one array of numbers. A long study holds hundreds of thousands of them, nearly
// all of trials that have ended. As an object each takes 180 bytes and more; here each number
// takes 8 bytes.

import type { Measurement } from "@sintonia/protocol/measurement";
import type { Measurements } from "./measurements.js";

/** Numbers of a row before the metrics: execution, epoch, learning rate and seconds. */
const FIXED = 4;

/** The fields of a measurement. A later version may write further ones: these stay a list. */
const FIELDS = ["execution", "epoch", "metrics", "learningRate", "seconds"];

/** Measurements of an ended trial. They never change. */
export class PackedMeasurements implements Measurements {
  /** Names of the metrics, in the order of every measurement. */
  readonly names: readonly string[];
  /** The rows one after another: execution, epoch, learning rate, seconds, metrics. */
  readonly numbers: Float64Array;

  constructor(names: readonly string[], numbers: Float64Array) {
    this.names = names;
    this.numbers = numbers;
  }

  get length(): number {
    return this.numbers.length / (FIXED + this.names.length);
  }

  at(index: number): Measurement | undefined {
    const row = index < 0 ? this.length + index : index;
    return row >= 0 && row < this.length ? this.#row(row) : undefined;
  }

  slice(start?: number, end?: number): readonly Measurement[] {
    return [...this].slice(start, end);
  }

  *[Symbol.iterator](): Iterator<Measurement> {
    for (let row = 0; row < this.length; row++) yield this.#row(row);
  }

  /**
   * Calls a function with the execution, the epoch, the learning rate and a metric of each
   * measurement. Visits none if the measurements lack the metric, and makes no objects: ten
   * thousand epochs take less than a millisecond.
   */
  visitMetric(
    metric: string,
    visit: (execution: number, epoch: number, learningRate: number, value: number) => void,
  ): void {
    const { names, numbers } = this;
    const column = names.indexOf(metric);
    if (column < 0) return;
    const width = FIXED + names.length;
    for (let from = 0; from < numbers.length; from += width) {
      const [execution, epoch, rate, value] = [from, from + 1, from + 2, from + FIXED + column] as const;
      visit(numbers[execution] as number, numbers[epoch] as number, numbers[rate] as number, numbers[value] as number);
    }
  }

  /** Returns the list, so that the JSON of a study is the same in both forms. */
  toJSON(): readonly Measurement[] {
    return [...this];
  }

  #row(row: number): Measurement {
    const { names, numbers } = this;
    const from = row * (FIXED + names.length);
    const metrics = Object.fromEntries(names.map((name, index) => [name, numbers[from + FIXED + index] as number]));
    const [execution = 0, epoch = 0, learningRate = 0, seconds = 0] = numbers.subarray(from, from + FIXED);
    return { execution, epoch, metrics, learningRate, seconds };
  }
}

/** Returns the measurements in the compact form, or unchanged if they do not all have one form. */
export function packed(measurements: Measurements): Measurements {
  const first = measurements.at(0);
  if (first === undefined || measurements instanceof PackedMeasurements) return measurements;
  const names = Object.keys(first.metrics);
  const numbers = new Float64Array(measurements.length * (FIXED + names.length));
  let place = 0;
  for (const measurement of measurements) {
    const { execution, epoch, learningRate, seconds, metrics } = measurement;
    if (!hasKeys(measurement, FIELDS) || !hasKeys(metrics, names)) return measurements;
    for (const value of [execution, epoch, learningRate, seconds]) numbers[place++] = value;
    for (const name of names) numbers[place++] = metrics[name] as number;
  }
  return new PackedMeasurements(names, numbers);
}

/** Tells whether an object has exactly these keys in this order. */
function hasKeys(object: object, keys: readonly string[]): boolean {
  const own = Object.keys(object);
  return own.length === keys.length && own.every((key, index) => key === keys[index]);
}
