/** An estimated share of the variance. */
export interface Share {
  /** In [0, 1], except for the estimation error. */
  readonly share: number;
  /** Standard error from the sampling of the surrogate. It excludes the surrogate's own error. */
  readonly error: number;
}

/**
 * Returns the mean of independent estimates and its standard error.
 *
 * @param estimates - at least 2
 */
export function shareOf(estimates: readonly number[]): Share {
  const n = estimates.length;
  const share = estimates.reduce((sum, value) => sum + value, 0) / n;
  const variance = estimates.reduce((sum, value) => sum + (value - share) ** 2, 0) / (n - 1);
  return { share, error: Math.sqrt(variance / n) };
}
