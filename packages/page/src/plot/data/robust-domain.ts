import { Goal } from "@sintonia/proto/sintonia/v1/study";
import { quantile } from "d3-array";
import { type Domain, domainOf } from "../../chart/axis/number-axis.js";

/**
 * Distance from the best objective beyond which an objective counts as an outlier, as a multiple of
 * the distance of the median. With five, the better half fills at least a fifth of the axis.
 */
const REACH = 5;
/** Fewest objectives of which some can be outliers. */
const COUNT_MIN = 5;

/**
 * Returns the domain of objectives without those that are so bad that they would press all others
 * into one line, such as the losses of trials that diverged. Plots show these at the axis' end.
 */
export function robustDomain(objectives: readonly number[], goal: Goal): Domain {
  const all = domainOf(objectives);
  const median = quantile(objectives, 0.5);
  if (median === undefined || objectives.length < COUNT_MIN) return all;
  if (goal === Goal.MINIMIZE) {
    const end = all.low + REACH * (median - all.low);
    return median > all.low ? domainOf(objectives.filter((value) => value <= end)) : all;
  }
  const end = all.high - REACH * (all.high - median);
  return median < all.high ? domainOf(objectives.filter((value) => value >= end)) : all;
}
