import type { Random } from "@sintonia/tuning/random/random";
import { mapRows } from "../table/map-rows.js";
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
  const strata = sortByStratum(shuffled, stratumOf);
  const { rows: ordered, isFirst } = strata;
  const parts = new Uint8Array(ordered.length);
  spread(isFirst, rowsOfShare(shares.test, rows.length), parts, Part.test);
  if (shares.fold === undefined) spread(isFirst, rowsOfShare(shares.validation, rows.length), parts, Part.validation);
  else markFold(parts, shares.fold);
  return splitByParts(ordered, parts);
}

/** Rows sorted by stratum. */
interface SortedRows {
  readonly rows: Uint32Array;
  /** 1 for the first row of each stratum. */
  readonly isFirst: Uint8Array;
}

/** Sorts rows by stratum and keeps the order inside of each. */
function sortByStratum(rows: Uint32Array, stratumOf: (row: number) => number): SortedRows {
  const codes = mapRows(rows, stratumOf, new Uint32Array(rows.length));
  const next = firstPlaces(codes);
  const isFirst = new Uint8Array(rows.length);
  for (const place of next) if (place < rows.length) isFirst[place] = 1;
  const sorted = new Uint32Array(rows.length);
  for (let at = 0; at < rows.length; at++) {
    const code = codes[at] as number;
    const place = next[code] as number;
    sorted[place] = rows[at] as number;
    next[code] = place + 1;
  }
  return { rows: sorted, isFirst };
}

/** Returns the place of the first row of each stratum; that of the next one if it is empty. */
function firstPlaces(codes: Uint32Array): Uint32Array {
  let largest = 0;
  for (let at = 0; at < codes.length; at++) largest = Math.max(largest, codes[at] as number);
  const counts = new Uint32Array(largest + 1);
  for (let at = 0; at < codes.length; at++) {
    const code = codes[at] as number;
    counts[code] = (counts[code] as number) + 1;
  }
  let total = 0;
  return counts.map((count) => {
    total += count;
    return total - count;
  });
}

/**
 * Marks `count` of the rows that train and are not the first of their stratum, at equal distances,
 * so that each stratum has its share.
 */
function spread(isFirst: Uint8Array, count: number, parts: Uint8Array, part: number): void {
  let free = 0;
  for (let at = 0; at < parts.length; at++) if (parts[at] === Part.train && isFirst[at] === 0) free++;
  if (count > free) {
    throw new DivisionError(`${parts.length} rows are too few for the splits; lower split.validation or split.test`);
  }
  let index = 0;
  for (let at = 0; at < parts.length; at++) {
    if (parts[at] !== Part.train || isFirst[at] === 1) continue;
    if (Math.floor(((index + 1) * count) / free) > Math.floor((index * count) / free)) parts[at] = part;
    index++;
  }
}

/** Gives every n-th row of those that are not for the test to the validation. */
function markFold(parts: Uint8Array, { index, count }: { readonly index: number; readonly count: number }): void {
  let free = 0;
  for (let at = 0; at < parts.length; at++) {
    if (parts[at] === Part.train && free++ % count === index) parts[at] = Part.validation;
  }
  if (free < count) throw new DivisionError(`${free} rows are too few for ${count} folds`);
}
