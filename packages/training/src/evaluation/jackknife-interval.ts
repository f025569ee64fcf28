import { studentMargin } from "@sintonia/tuning/numeric/distribution/student-distribution";
import { createRandom } from "@sintonia/tuning/random/random";
import type { RowWeights } from "../metric/contract/metric.js";
import type { Interval } from "./wilson-interval.js";

/** Number of groups: the standard error of the deviation is then 11 % of the deviation. */
const GROUPS = 40;
/** The seed of the groups, so that equal predictions give equal intervals. */
const SEED = 20_210_716;

/**
 * Returns Student's interval of a metric by the delete-a-group jackknife: each of 40 random groups
 * of rows is left out once. For many rows, where the bootstrap takes minutes and intervals are
 * nearly symmetric.
 *
 * @param metric - computes the value for weights of the rows; called once for each group
 * @param value - the metric of all rows
 * @param rows - number of rows, at least 80
 * @param confidence - coverage of the interval, in (0, 1)
 * @returns undefined if fewer than two groups leave a value
 * @see Shao, Tu 1995, The Jackknife and Bootstrap, section 2.3
 */
export function jackknifeInterval(
  metric: (weights: RowWeights) => number,
  { value, rows }: { readonly value: number; readonly rows: number },
  confidence = 0.95,
): Interval | undefined {
  const order = Uint32Array.from({ length: rows }, (_, row) => row);
  createRandom(SEED).shuffle(order);
  const weights = new Uint8Array(rows).fill(1);
  const values: number[] = [];
  for (let group = 0; group < GROUPS; group++) {
    for (let at = group; at < rows; at += GROUPS) weights[order[at] as number] = 0;
    const without = metric(weights);
    if (Number.isFinite(without)) values.push(without);
    for (let at = group; at < rows; at += GROUPS) weights[order[at] as number] = 1;
  }
  if (values.length < 2) return undefined;
  const mean = values.reduce((sum, each) => sum + each / values.length, 0);
  const squares = values.reduce((sum, each) => sum + (each - mean) ** 2, 0);
  const deviation = Math.sqrt(((values.length - 1) / values.length) * squares);
  const margin = studentMargin(confidence, values.length - 1) * deviation;
  return { low: value - margin, high: value + margin };
}
