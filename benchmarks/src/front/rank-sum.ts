// The rank-sum test of Mann and Whitney, two-sided.
//
//   U    pairs (a, b) of the two samples with a > b, plus half of the pairs with a = b
//   t    sizes of the groups of equal values; N values in all
//   σ²   variance of U under equal distributions, mn / 12 (N + 1 - Σ (t³ - t) / (N (N - 1)))
//   p    2 Φ(-(|U - mn / 2| - 1 / 2) / σ), the normal approximation with continuity correction

import { normalCdf } from "@sintonia/tuning/numeric/distribution/normal-distribution";

/**
 * Returns the p-value of two samples, in [0, 1]; 1 if all values are equal. Equals that of scipy's
 * `mannwhitneyu` with `method="asymptotic"`.
 *
 * @param a - at least one value
 * @param b - at least one value
 */
export function rankSumTest(a: readonly number[], b: readonly number[]): number {
  const pairs = a.flatMap((x) => b.map((y): number => (x > y ? 1 : x === y ? 0.5 : 0)));
  const u = pairs.reduce((sum, won) => sum + won, 0);
  const count = a.length + b.length;
  const sizes = new Map<number, number>();
  for (const value of [...a, ...b]) sizes.set(value, (sizes.get(value) ?? 0) + 1);
  const ties = [...sizes.values()].reduce((sum, t) => sum + (t ** 3 - t), 0);
  const variance = (pairs.length / 12) * (count + 1 - ties / (count * (count - 1)));
  if (variance <= 0) return 1;
  const distance = Math.max(0, Math.abs(u - pairs.length / 2) - 0.5);
  return Math.min(1, 2 * normalCdf(-distance / Math.sqrt(variance)));
}
