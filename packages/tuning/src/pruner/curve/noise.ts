import { mean } from "../../numeric/vector.js";

/**
 * Smallest difference of two measured objectives that is significant at the level of 5 %, in
 * standard errors of one: 1.96 √2.
 */
export const SIGNIFICANT_DIFFERENCE: number = 1.96 * Math.SQRT2;

/** Variance of a second difference of independent errors of variance 1: 1 + 4 + 1. */
const SECOND_DIFFERENCE_VARIANCE = 6;

/**
 * Returns the standard error of a share of correct rows, as of a binomial distribution; at least
 * that of one wrong row.
 *
 * @param share - in [0, 1]
 * @param rows - at least 1
 */
export function shareError(share: number, rows: number): number {
  return Math.sqrt(Math.max(share * (1 - share), 1 / rows) / rows);
}

/** The jitter of each array of objectives, which never changes. */
const known = new WeakMap<readonly number[], number>();

/**
 * Returns the standard deviation of an epoch's objective around a smooth curve, by the second
 * differences of the latter half of each curve; 0 for curves that are too short.
 */
export function jitter(curves: readonly (readonly number[])[]): number {
  return rootMeanSquare(curves.map(jitterOf));
}

function jitterOf(objectives: readonly number[]): number {
  const before = known.get(objectives);
  if (before !== undefined) return before;
  const differences: number[] = [];
  for (let epoch = Math.max(2, Math.floor(objectives.length / 2)); epoch < objectives.length; epoch++) {
    const [a, b, c] = objectives.slice(epoch - 2, epoch + 1) as [number, number, number];
    differences.push(a - b - (b - c));
  }
  const sd = rootMeanSquare(differences) / Math.sqrt(SECOND_DIFFERENCE_VARIANCE);
  known.set(objectives, sd);
  return sd;
}

/** Returns the root of the mean square; squares neither overflow nor vanish. */
function rootMeanSquare(values: readonly number[]): number {
  const largest = values.reduce((max, value) => Math.max(max, Math.abs(value)), 0);
  return largest === 0 ? 0 : largest * Math.sqrt(mean(values.map((value) => (value / largest) ** 2)));
}
