// What a study knows of the errors of its observations: stated with them, or seen in executions of the same trial.

import type { Observation } from "../../objective/observation.js";
import type { LossScale } from "./observed-losses.js";

/** Executions beyond the first of their trials from which a variance is believed: of fewer, it may well be off by half. */
const DEGREES_OF_FREEDOM_MIN = 4;

/**
 * Variances of the errors of the observations' losses. Where trials are executed several times, one variance for all
 * executions is pooled over them, and the mean of so many has that part of it.
 *
 * @returns NaN where nothing is known; undefined if that is everywhere, or if losses have no unit
 */
export function noiseOf(completed: readonly Observation[], { size, unit }: LossScale): Float64Array | undefined {
  const pooled = pooledVariance(completed);
  const errors = Float64Array.from(completed, ({ noiseVariance, executions }) =>
    Math.sqrt(noiseVariance ?? pooled / (executions?.count ?? 1)),
  );
  if (unit === 0 || errors.every(Number.isNaN)) return undefined;
  return errors.map((error) => Math.min(Number.MAX_VALUE, (error / size / unit) ** 2));
}

/** The variance of one execution; NaN if too few trials were executed twice. */
function pooledVariance(completed: readonly Observation[]): number {
  const repeated = completed.flatMap(({ executions }) => executions ?? []).filter(({ count }) => count > 1);
  const freedom = repeated.reduce((sum, { count }) => sum + count - 1, 0);
  if (freedom < DEGREES_OF_FREEDOM_MIN) return Number.NaN;
  return repeated.reduce((sum, { count, variance }) => sum + ((count - 1) / freedom) * variance, 0);
}
