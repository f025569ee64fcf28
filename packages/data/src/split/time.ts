import { DivisionError, type RowSplit, rowsOfShare, type Shares } from "./division.js";

/**
 * Divides rows by time: the earliest train, the latest are for the test. Rows of the same time are
 * in the same split, the earlier one. Of k folds, fold i has the (i + 2)-th of k + 1 windows of
 * equal length for validation, and all earlier rows train, as in scikit-learn's TimeSeriesSplit.
 */
export function divideByTime(rows: Uint32Array, shares: Shares, timeOf: (row: number) => number): RowSplit {
  const sorted = Uint32Array.from([...rows].sort((a, b) => timeOf(a) - timeOf(b) || a - b));
  const { length } = sorted;
  const tested = rowsOfShare(shares.test, length);
  const cut = (at: number) => {
    let end = at;
    while (end > 0 && end < length && timeOf(sorted[end] as number) === timeOf(sorted[end - 1] as number)) end++;
    return end;
  };
  const testStart = cut(length - tested);
  const [from, to] = validationRange(shares, { length, testStart, untested: length - tested });
  const trainEnd = cut(from);
  const validationEnd = Math.max(trainEnd, cut(to));
  const validated = shares.fold?.count ?? shares.validation;
  checkParts([trainEnd, validationEnd - trainEnd, length - testStart], [1, validated, tested]);
  const part = (start: number, end: number) => sorted.slice(start, end).sort();
  return { train: part(0, trainEnd), validation: part(trainEnd, validationEnd), test: part(testStart, length) };
}

/** Returns the places of the first row for validation and of the row behind the last one. */
function validationRange(
  { validation, fold }: Shares,
  { length, testStart, untested }: { readonly length: number; readonly testStart: number; readonly untested: number },
): [from: number, to: number] {
  if (fold === undefined) return [untested - rowsOfShare(validation, length), testStart];
  const { index, count } = fold;
  const size = Math.floor(testStart / (count + 1));
  if (size === 0) throw new DivisionError(`${testStart} rows are too few for ${count} folds by time`);
  const from = testStart - (count - index) * size;
  return [from, from + size];
}

function checkParts(found: readonly number[], wanted: readonly number[]): void {
  if (found.every((rows, index) => rows > 0 || wanted[index] === 0)) return;
  throw new DivisionError("too few rows or too many of the same time for all splits; change the shares or the folds");
}
