import { nonDominated } from "./dominance.js";

/**
 * Share of the front's range by which the reference point lies behind the front's worst values, so
 * that the ends of the front count. Source: Ishibuchi, Imada, Setoguchi, Nojima, How to Specify a
 * Reference Point in Hypervolume Calculation for Fair Performance Comparison, 2018.
 */
const MARGIN = 0.1;
/**
 * Share of the front's range by which the reference point lies at most behind the front where a
 * trial that breaks a limit is as bad. The first trials that keep all limits are close together,
 * and the front may go on far beyond them. With 0 the search stays where the first ones are; with
 * the worst of all trials it spends trials on the far ends before the middle of the front is good.
 */
const REACH = 0.5;
/**
 * Quantile of the losses on the front, by objective, that counts as the end of a young front with
 * more than two objectives. A point that is best in two objectives is hardly ever dominated,
 * however bad it is in the third: with the worst value, the search spends its trials on such points
 * before any point is good in all objectives. The quantile rises to 1 with the number of trials.
 */
const YOUNG_QUANTILE = 0.75;

/** What else is known about the trials of a study. */
export interface ReferenceSettings {
  /** Losses of the trials that break a limit. @default none */
  readonly others?: readonly ArrayLike<number>[];
  /** Number of points from which on the whole front counts; above 0. @default 1 */
  readonly maturity?: number;
}

/**
 * Returns the reference point of the points of a study: in each objective the front's worst loss
 * plus a tenth of the front's range. With at most two objectives the worst loss of a dominated
 * point counts too: a young front is short, and points beyond its ends would gain nothing. 1 is
 * added where all points are equal.
 *
 * @param points - losses of shape (m,), at least one point; smaller is better
 * @returns shape (m,), in each objective above the front's best loss
 */
export function referencePoint(
  points: readonly ArrayLike<number>[],
  { others = [], maturity = 1 }: ReferenceSettings = {},
): Float64Array {
  const front = nonDominated(points).map((i) => points[i] as ArrayLike<number>);
  const first = points[0] as ArrayLike<number>;
  const share = YOUNG_QUANTILE + (1 - YOUNG_QUANTILE) * Math.min(1, points.length / maturity);
  return Float64Array.from(first, (_, i) => {
    const { low, high } = rangeOf(front, i);
    const behind =
      first.length > 2
        ? behindOf({ low, high: quantileOf(front, i, share) })
        : Math.max(behindOf({ low, high }), rangeOf(points, i).high, reachOf(others, i, { low, high }));
    return behind > low ? behind : low + 1;
  });
}

/** The least and the largest coordinate of some points. */
export interface Range {
  readonly low: number;
  readonly high: number;
}

function behindOf({ low, high }: Range): number {
  return high + MARGIN * (high - low);
}

/** Returns the worst loss of other points, as far as it is within reach of a front. */
function reachOf(others: readonly ArrayLike<number>[], i: number, { low, high }: Range): number {
  if (others.length === 0) return Number.NEGATIVE_INFINITY;
  return Math.min(rangeOf(others, i).high, high + REACH * (high > low ? high - low : 1));
}

function quantileOf(points: readonly ArrayLike<number>[], i: number, share: number): number {
  const sorted = Float64Array.from(points, (point) => point[i] as number).sort();
  return sorted[Math.round(share * (sorted.length - 1))] as number;
}

/** Returns the least and the largest coordinate i of points. */
export function rangeOf(points: readonly ArrayLike<number>[], i: number): Range {
  const coordinates = points.map((point) => point[i] as number);
  return { low: Math.min(...coordinates), high: Math.max(...coordinates) };
}
