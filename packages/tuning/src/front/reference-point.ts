import { nonDominated } from "./dominance.js";

/**
 * Share of the front's range by which the reference point lies behind the front's worst values, so
 * that the ends of the front count (Ishibuchi, Imada, Setoguchi, Nojima, How to Specify a Reference
 * Point in Hypervolume Calculation for Fair Performance Comparison, 2018).
 */
const MARGIN = 0.1;
/**
 * Quantile of all points' losses that the reference point is never better than, by the number of
 * objectives. With two objectives the worst point counts: a young front is short, and points beyond
 * its ends would gain nothing. With more, points that are best in all but one objective are never
 * dominated, however bad they are in that one; the worst value would draw the search to them.
 */
const QUANTILE = { two: 1, more: 0.75 } as const;

/**
 * Returns the reference point of the points of a study: in each objective the front's worst loss
 * plus a tenth of the front's range, or a quantile of all losses if that is worse: the largest with
 * at most two objectives, the upper quartile with more. 1 is added where all points are equal.
 *
 * @param points - losses of shape (m,), at least one point; smaller is better
 * @returns shape (m,), in each objective above the front's best loss
 */
export function referencePoint(points: readonly ArrayLike<number>[]): Float64Array {
  const front = nonDominated(points).map((i) => points[i] as ArrayLike<number>);
  const first = points[0] as ArrayLike<number>;
  const share = first.length > 2 ? QUANTILE.more : QUANTILE.two;
  return Float64Array.from(first, (_, i) => {
    const { low, high } = rangeOf(front, i);
    const sorted = Float64Array.from(points, (point) => point[i] as number).sort();
    const quantile = sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] as number;
    const behind = Math.max(high + MARGIN * (high - low), quantile);
    return behind > low ? behind : low + 1;
  });
}

/** Returns the least and the largest coordinate i of points. */
export function rangeOf(points: readonly ArrayLike<number>[], i: number): { low: number; high: number } {
  const coordinates = points.map((point) => point[i] as number);
  return { low: Math.min(...coordinates), high: Math.max(...coordinates) };
}
