import type { Random } from "@sintonia/tuning/random/random";
import { DivisionError, Part, type RowSplit, rowsOfShare, type Shares, splitByParts } from "./division.js";

/**
 * Divides rows at random, with the same shares of each stratum. Without folds the first row of each
 * stratum, in random order, trains, so that training knows every class.
 */
export function divideStrata(
  rows: Uint32Array,
  shares: Shares,
  stratumOf: (row: number) => number,
  random: Random,
): RowSplit {
  const shuffled = rows.slice();
  random.shuffle(shuffled);
  const ordered = sortByStratum(shuffled, stratumOf);
  const parts = new Uint8Array(ordered.length);
  const isFirst = (at: number) => at === 0 || stratumOf(ordered[at] as number) !== stratumOf(ordered[at - 1] as number);
  const free = () => positionsWhere(parts, (at) => parts[at] === Part.train && !isFirst(at));
  spread(free(), rowsOfShare(shares.test, rows.length), parts, Part.test);
  if (shares.fold === undefined) spread(free(), rowsOfShare(shares.validation, rows.length), parts, Part.validation);
  else markFold(parts, shares.fold);
  return splitByParts(ordered, parts);
}

/** Sorts rows by stratum and keeps the order inside of each. */
function sortByStratum(rows: Uint32Array, stratumOf: (row: number) => number): Uint32Array {
  const strata = new Map<number, number[]>();
  for (const row of rows) {
    const stratum = stratumOf(row);
    const members = strata.get(stratum);
    if (members === undefined) strata.set(stratum, [row]);
    else members.push(row);
  }
  const keys = [...strata.keys()].sort((a, b) => a - b);
  const ordered = new Uint32Array(rows.length);
  let at = 0;
  for (const key of keys) for (const row of strata.get(key) as number[]) ordered[at++] = row;
  return ordered;
}

/** Marks `count` positions at equal distances, so that each stratum has its share. */
function spread(positions: readonly number[], count: number, parts: Uint8Array, part: number): void {
  if (count > positions.length) {
    throw new DivisionError(`${parts.length} rows are too few for the splits; lower split.validation or split.test`);
  }
  positions.forEach((position, index) => {
    const [before, after] = [index, index + 1].map((each) => Math.floor((each * count) / positions.length));
    if ((after as number) > (before as number)) parts[position] = part;
  });
}

/** Gives every n-th row of those that are not for the test to the validation. */
function markFold(parts: Uint8Array, { index, count }: { readonly index: number; readonly count: number }): void {
  const free = positionsWhere(parts, (at) => parts[at] === Part.train);
  if (free.length < count) throw new DivisionError(`${free.length} rows are too few for ${count} folds`);
  free.forEach((position, each) => {
    if (each % count === index) parts[position] = Part.validation;
  });
}

function positionsWhere(parts: Uint8Array, predicate: (at: number) => boolean): number[] {
  const positions: number[] = [];
  for (let at = 0; at < parts.length; at++) if (predicate(at)) positions.push(at);
  return positions;
}
