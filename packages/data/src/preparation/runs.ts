import type { ArrayColumn, NumberArray, Numbers } from "../table/table.js";

/** Values of the rows [start, end) of a list of rows: `values[(row - first) * width + index]`. */
export interface Run {
  readonly values: NumberArray;
  /** Row of the table with which `values` begins. */
  readonly first: number;
  readonly width: number;
  readonly index: number;
  readonly start: number;
  readonly end: number;
}

/**
 * Returns the values of rows of a column, a run for each chunk.
 *
 * @param index - of the value among those of a row; 0 for a column of numbers
 * @param rows - rising
 */
export function runsOf(column: Numbers | ArrayColumn, index: number, rows: Uint32Array): Run[] {
  if (column.kind === "array") {
    const { values, width } = column;
    return [{ values, first: 0, width, index, start: 0, end: rows.length }];
  }
  const { chunks, shift } = column.values;
  const runs: Run[] = [];
  for (let start = 0; start < rows.length; ) {
    const part = (rows[start] as number) >> shift;
    const end = placeOf((part + 1) * 2 ** shift, rows, start);
    const values = chunks[part] as Float32Array | Float64Array;
    runs.push({ values, first: part * 2 ** shift, width: 1, index: 0, start, end });
    start = end;
  }
  return runs;
}

/** Returns the first position from `start` on whose row is `row` or a later one. */
function placeOf(row: number, rows: Uint32Array, start: number): number {
  let [low, high] = [start, rows.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((rows[middle] as number) < row) low = middle + 1;
    else high = middle;
  }
  return low;
}
