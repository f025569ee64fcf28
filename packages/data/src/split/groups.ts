import type { Random } from "@sintonia/tuning/random/random";
import { DivisionError, Part, type RowSplit, rowsOfShare, type Shares, splitByParts } from "./division.js";

/** Divides whole groups at random; the splits have their shares as nearly as the groups allow. */
export function divideGroups(
  rows: Uint32Array,
  shares: Shares,
  groupOf: (row: number) => number,
  random: Random,
): RowSplit {
  const sizes = new Map<number, number>();
  for (const row of rows) sizes.set(groupOf(row), (sizes.get(groupOf(row)) ?? 0) + 1);
  const groups = Uint32Array.from(sizes.keys()).sort();
  random.shuffle(groups);
  const partOf = new Map<number, number>();
  const free = () => [...groups].filter((group) => !partOf.has(group));
  const fill = (part: number, share: number, others: number) => {
    const target = rowsOfShare(share, rows.length);
    for (const group of chooseGroups(free().slice(0, -others), sizes, target)) partOf.set(group, part);
  };
  checkEnough(groups.length, shares);
  if (shares.test > 0) fill(Part.test, shares.test, shares.fold?.count ?? (shares.validation > 0 ? 2 : 1));
  if (shares.fold !== undefined) markFold(free(), sizes, shares.fold, partOf);
  else if (shares.validation > 0) fill(Part.validation, shares.validation, 1);
  const parts = Uint8Array.from(rows, (row) => partOf.get(groupOf(row)) ?? Part.train);
  return splitByParts(rows, parts);
}

function checkEnough(groups: number, { test, validation, fold }: Shares): void {
  const needed = (test > 0 ? 1 : 0) + (fold?.count ?? (validation > 0 ? 2 : 1));
  if (groups < needed) throw new DivisionError(`the column has ${groups} groups, the splits need at least ${needed}`);
}

/** Chooses groups in their order while they bring the part nearer to its size; at least one. */
function chooseGroups(groups: readonly number[], sizes: ReadonlyMap<number, number>, target: number): number[] {
  const chosen: number[] = [];
  let filled = 0;
  for (const group of groups) {
    const size = sizes.get(group) as number;
    if (filled > 0 && Math.abs(filled + size - target) >= Math.abs(filled - target)) continue;
    chosen.push(group);
    filled += size;
  }
  return chosen;
}

/** Gives each group, the largest first, to the smallest fold, and marks one fold. */
function markFold(
  groups: readonly number[],
  sizes: ReadonlyMap<number, number>,
  { index, count }: { readonly index: number; readonly count: number },
  partOf: Map<number, number>,
): void {
  if (groups.length < count) throw new DivisionError(`${groups.length} groups are too few for ${count} folds`);
  const filled = Array.from({ length: count }, () => 0);
  const sorted = [...groups].sort((a, b) => (sizes.get(b) as number) - (sizes.get(a) as number));
  for (const group of sorted) {
    const fold = filled.indexOf(Math.min(...filled));
    filled[fold] = (filled[fold] as number) + (sizes.get(group) as number);
    if (fold === index) partOf.set(group, Part.validation);
  }
}
