import type { Measurement } from "@sintonia/proto/sintonia/v1/study";

/**
 * The learning curves of one execution, in the form of Keras' `History.history`. Index e of each
 * list is epoch e, from 0.
 */
export interface ExecutionHistory {
  /** Number of the execution, from 0. */
  readonly execution: number;
  /** Value of each metric after each epoch, by its Keras name; null where an epoch has none. */
  readonly metrics: Readonly<Record<string, readonly (number | null)[]>>;
  /** Learning rate at the start of each epoch. */
  readonly learningRate: readonly number[];
  /** Wall time of each epoch in seconds. */
  readonly seconds: readonly number[];
}

/** Returns the learning curves of a trial's executions; none before the first epoch. */
export function historyOf(measurements: readonly Measurement[]): ExecutionHistory[] {
  const byExecution = new Map<number, Measurement[]>();
  for (const measurement of measurements) {
    const own = byExecution.get(measurement.execution);
    if (own === undefined) byExecution.set(measurement.execution, [measurement]);
    else own.push(measurement);
  }
  return [...byExecution].map(([execution, own]) => ({
    execution,
    metrics: metricsOf(own),
    learningRate: own.map(({ learningRate }) => learningRate),
    seconds: own.map(({ seconds }) => seconds),
  }));
}

/** Returns the names of all metrics in the order in which they first appear. */
export function metricNames(histories: readonly ExecutionHistory[]): string[] {
  return [...new Set(histories.flatMap(({ metrics }) => Object.keys(metrics)))];
}

function metricsOf(measurements: readonly Measurement[]): ExecutionHistory["metrics"] {
  const names = [...new Set(measurements.flatMap(({ metrics }) => Object.keys(metrics)))];
  const valuesOf = (name: string) => measurements.map(({ metrics }) => ownValue(metrics, name) ?? null);
  return Object.fromEntries(names.map((name) => [name, valuesOf(name)]));
}

function ownValue(metrics: Readonly<Record<string, number>>, name: string): number | undefined {
  return Object.hasOwn(metrics, name) ? metrics[name] : undefined;
}
