import { createRandom } from "@sintonia/tuning/random/random";
import type { RowWeights } from "../metric/contract/metric.js";
import type { Interval } from "./wilson-interval.js";

/** Number of resamples. The ends of a 95 % interval then rest on 25 values each. */
const RESAMPLES = 1_000;
/** Fewest resamples, for sets that are so large that their intervals are narrow. */
const RESAMPLES_MIN = 200;
/** Limit of drawn rows with more resamples: about a second. It is reached at 20,000 rows. */
const DRAWS_MAX = 20_000_000;
/** The seed of all resamples, so that equal predictions give equal intervals. */
const SEED = 20_210_716;

/**
 * Returns the percentile interval of a metric by the bootstrap over the rows: each resample draws
 * as many rows as there are, with replacement. Resamples for which the metric is undefined, such
 * as those without a positive row, do not count.
 *
 * @param metric - computes the value for weights of the rows
 * @param rows - number of rows, at least 1
 * @param confidence - coverage of the interval, in (0, 1)
 * @returns undefined if no resample has a value
 * @see Efron, Tibshirani 1993, An Introduction to the Bootstrap, section 13.3
 */
export function bootstrapInterval(
  metric: (weights: RowWeights) => number,
  rows: number,
  confidence = 0.95,
): Interval | undefined {
  const random = createRandom(SEED);
  const counts = new Uint32Array(rows);
  const values: number[] = [];
  const resamples = Math.min(RESAMPLES, Math.max(RESAMPLES_MIN, Math.floor(DRAWS_MAX / rows)));
  for (let resample = 0; resample < resamples; resample++) {
    counts.fill(0);
    for (let draw = 0; draw < rows; draw++) {
      const row = random.integer(rows);
      counts[row] = (counts[row] as number) + 1;
    }
    const value = metric(counts);
    if (Number.isFinite(value)) values.push(value);
  }
  if (values.length === 0) return undefined;
  values.sort((a, b) => a - b);
  return { low: quantile(values, (1 - confidence) / 2), high: quantile(values, (1 + confidence) / 2) };
}

/** Interpolates the quantile of sorted values, as numpy.quantile does by default. */
function quantile(sorted: readonly number[], share: number): number {
  const place = share * (sorted.length - 1);
  const below = sorted[Math.floor(place)] as number;
  const above = sorted[Math.ceil(place)] as number;
  return below + (place - Math.floor(place)) * (above - below);
}
