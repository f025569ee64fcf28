// Noise variances of losses: stated by the study, or estimated from executions of the same trial.

import type { Observation } from "../../objective/observation.js";

/**
 * Fewest degrees of freedom of the pooled variance. With fewer, f, its relative standard error √(2
 * / f) exceeds 0.8.
 */
const DEGREES_OF_FREEDOM_MIN = 4;

/**
 * Returns the noise variance of each observation's loss. For trials with several executions the
 * variance s² of one execution is pooled over all trials; the mean of n executions has s² / n.
 *
 * @returns shape (count,), NaN where unknown; undefined if all are unknown or losses have no unit
 */
export function noiseOf(
  completed: readonly Observation[],
  { size, unit }: { readonly size: number; readonly unit: number },
): Float64Array | undefined {
  const pooled = pooledVariance(completed);
  const errors = Float64Array.from(completed, ({ noiseVariance, executions }) =>
    Math.sqrt(noiseVariance ?? pooled / (executions?.count ?? 1)),
  );
  if (unit === 0 || errors.every(Number.isNaN)) return undefined;
  return errors.map((error) => Math.min(Number.MAX_VALUE, (error / size / unit) ** 2));
}

/** Returns the pooled variance of one execution; NaN with fewer than four degrees of freedom. */
function pooledVariance(completed: readonly Observation[]): number {
  const repeated = completed.flatMap(({ executions }) => executions ?? []).filter(({ count }) => count > 1);
  const freedom = repeated.reduce((sum, { count }) => sum + count - 1, 0);
  if (freedom < DEGREES_OF_FREEDOM_MIN) return Number.NaN;
  return repeated.reduce((sum, { count, variance }) => sum + ((count - 1) / freedom) * variance, 0);
}
