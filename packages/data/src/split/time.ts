import { DivisionError, type RowSplit, rowsOfShare, type Shares } from "./division.js";

/**
 * Divides rows by time: the earliest train, the latest are for the test. Rows of the same time are
 * in the same split, the earlier one.
 */
export function divideByTime(rows: Uint32Array, shares: Shares, timeOf: (row: number) => number): RowSplit {
  const sorted = Uint32Array.from([...rows].sort((a, b) => timeOf(a) - timeOf(b) || a - b));
  const { length } = sorted;
  const tested = rowsOfShare(shares.test, length);
  const validated = rowsOfShare(shares.validation, length);
  const cut = (at: number) => {
    let end = at;
    while (end > 0 && end < length && timeOf(sorted[end] as number) === timeOf(sorted[end - 1] as number)) end++;
    return end;
  };
  const trainEnd = cut(length - tested - validated);
  const validationEnd = Math.max(trainEnd, cut(length - tested));
  checkParts([trainEnd, validationEnd - trainEnd, length - validationEnd], [1, validated, tested]);
  const part = (start: number, end: number) => sorted.slice(start, end).sort();
  return { train: part(0, trainEnd), validation: part(trainEnd, validationEnd), test: part(validationEnd, length) };
}

function checkParts(found: readonly number[], wanted: readonly number[]): void {
  if (found.every((rows, index) => rows > 0 || wanted[index] === 0)) return;
  throw new DivisionError("too few rows or too many of the same time for all splits; lower or raise the shares");
}
