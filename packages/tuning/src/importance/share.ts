/** A share of the variance. */
export interface Share {
  /** In [0, 1] up to its error. */
  readonly share: number;
  /** Standard error of the estimate; it does not say how wrong the model may be. */
  readonly error: number;
}

/** The mean of independent estimates, and its standard error. */
export function shareOf(estimates: readonly number[]): Share {
  const n = estimates.length;
  const share = estimates.reduce((sum, value) => sum + value, 0) / n;
  const variance = estimates.reduce((sum, value) => sum + (value - share) ** 2, 0) / (n - 1);
  return { share, error: Math.sqrt(variance / n) };
}
