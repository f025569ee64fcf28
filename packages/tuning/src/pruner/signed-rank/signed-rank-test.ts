// Wilcoxon's signed-rank test, one-sided.
//
//   d_i  difference of pair i, i = 1..n
//   r_i  rank of |d_i| from 1, ties have their mean rank
//   t    statistic: sum of r_i over d_i > 0, plus half the sum of r_i over d_i = 0 ("zsplit")
//   p    probability of a statistic of at least t if each sign is equally likely

import { normalCdf } from "../../numeric/distribution/normal-distribution.js";

/** Differences beyond which p comes from the normal approximation. */
const EXACT_MAX = 50;
/** The same if two differences have equal magnitude or one is 0. */
const EXACT_WITH_TIES_MAX = 13;

/**
 * Returns the p-value of the hypothesis that differences are symmetric about 0, against the
 * alternative that they are larger.
 *
 * @param differences - at least one, finite
 * @returns in [0, 1]
 * @see Wilcoxon 1945; scipy 1.17, `wilcoxon` with `alternative="greater"`, `zero_method="zsplit"`
 */
export function signedRankTest(differences: readonly number[]): number {
  const magnitudes = differences.map(Math.abs);
  const { ranks, tieSizes } = rank(magnitudes);
  const isPlain = tieSizes.length === 0 && !magnitudes.includes(0);
  const isExact = differences.length <= (isPlain ? EXACT_MAX : EXACT_WITH_TIES_MAX);
  return isExact ? exactTail(differences, ranks) : normalTail(differences, { ranks, tieSizes });
}

interface Ranks {
  /** r_i in the order of the magnitudes. */
  readonly ranks: readonly number[];
  /** Sizes of the groups of equal magnitudes, each at least 2. */
  readonly tieSizes: readonly number[];
}

function rank(magnitudes: readonly number[]): Ranks {
  const order = magnitudes.map((_, i) => i).sort((i, j) => (magnitudes[i] as number) - (magnitudes[j] as number));
  const ranks: number[] = new Array(magnitudes.length).fill(0);
  const tieSizes: number[] = [];
  for (let start = 0, end = 0; start < order.length; start = end) {
    const magnitude = magnitudes[order[start] as number];
    while (end < order.length && magnitudes[order[end] as number] === magnitude) end++;
    for (const i of order.slice(start, end)) ranks[i] = (start + 1 + end) / 2;
    if (end - start > 1) tieSizes.push(end - start);
  }
  return { ranks, tieSizes };
}

/** Returns p by the distribution of the sum of the positive ranks over all 2^n choices of signs. */
function exactTail(differences: readonly number[], ranks: readonly number[]): number {
  // Mean ranks are multiples of 1/2, so doubled ranks are whole. Zeros add a constant to t.
  const doubled = ranks.map((r) => 2 * r).filter((_, i) => differences[i] !== 0);
  const observed = sum(ranks.map((r, i) => ((differences[i] as number) > 0 ? 2 * r : 0)));
  const probabilities = new Float64Array(sum(doubled) + 1);
  probabilities[0] = 1;
  for (const r of doubled) {
    for (let s = probabilities.length - 1; s >= 0; s--) {
      probabilities[s] = ((probabilities[s] as number) + (s < r ? 0 : (probabilities[s - r] as number))) / 2;
    }
  }
  return Math.min(1, sum(Array.from(probabilities.subarray(observed))));
}

/** Returns p by the normal approximation with the correction for ties. */
function normalTail(differences: readonly number[], { ranks, tieSizes }: Ranks): number {
  const n = differences.length;
  const t = sum(ranks.map((r, i) => r * positiveShare(differences[i] as number)));
  const ties = sum(tieSizes.map((size) => size ** 3 - size));
  const sd = Math.sqrt((n * (n + 1) * (2 * n + 1) - ties / 2) / 24);
  return normalCdf(((n * (n + 1)) / 4 - t) / sd);
}

function positiveShare(difference: number): number {
  if (difference === 0) return 0.5;
  return difference > 0 ? 1 : 0;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, value) => total + value, 0);
}
