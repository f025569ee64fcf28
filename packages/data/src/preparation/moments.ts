import { contentError } from "../error/data-error.js";
import { mapRows } from "../table/map-rows.js";
import type { ArrayColumn, Numbers, Table } from "../table/table.js";
import { valueAt } from "../table/table.js";

// The sums of a pass are local to one function: V8 allocates each double that crosses a call.

/** Mean and standard deviation (divisor n) of the values that are there. */
export interface Moments {
  readonly mean: number;
  /** 0 for a constant column. */
  readonly deviation: number;
}

/**
 * Computes the moments of rows in two passes; constant values have exactly their value and 0.
 *
 * @param rows - rising
 * @returns one for a column of numbers, one for each of the values of a row for an array
 */
export function momentsOf(column: Numbers | ArrayColumn, rows: Uint32Array): Moments[] {
  return column.kind === "array" ? momentsOfArray(column, rows) : [momentsOfNumbers(column, rows)];
}

function momentsOfNumbers({ values: { chunks, shift } }: Numbers, rows: Uint32Array): Moments {
  const mask = (1 << shift) - 1;
  let count = 0;
  let sum = 0;
  let min = Infinity;
  let max = -Infinity;
  for (let at = 0; at < rows.length; ) {
    const part = (rows[at] as number) >> shift;
    const chunk = chunks[part] as Float32Array | Float64Array;
    for (; at < rows.length && (rows[at] as number) >> shift === part; at++) {
      const value = chunk[(rows[at] as number) & mask] as number;
      if (Number.isNaN(value)) continue;
      count++;
      sum += value;
      if (value < min) min = value;
      if (value > max) max = value;
    }
  }
  if (min === max) return { mean: min, deviation: 0 };
  const mean = sum / count;
  let squares = 0;
  for (let at = 0; at < rows.length; ) {
    const part = (rows[at] as number) >> shift;
    const chunk = chunks[part] as Float32Array | Float64Array;
    for (; at < rows.length && (rows[at] as number) >> shift === part; at++) {
      const distance = (chunk[(rows[at] as number) & mask] as number) - mean;
      if (!Number.isNaN(distance)) squares += distance * distance;
    }
  }
  return { mean, deviation: Math.sqrt(squares / count) };
}

/** Goes through the array row by row, as it lies in memory. */
function momentsOfArray({ values, width }: ArrayColumn, rows: Uint32Array): Moments[] {
  const counts = new Float64Array(width);
  const means = new Float64Array(width);
  const mins = new Float64Array(width).fill(Infinity);
  const maxs = new Float64Array(width).fill(-Infinity);
  for (let at = 0; at < rows.length; at++) {
    const from = (rows[at] as number) * width;
    for (let index = 0; index < width; index++) {
      const value = values[from + index] as number;
      if (Number.isNaN(value)) continue;
      counts[index] = (counts[index] as number) + 1;
      means[index] = (means[index] as number) + value;
      if (value < (mins[index] as number)) mins[index] = value;
      if (value > (maxs[index] as number)) maxs[index] = value;
    }
  }
  for (let index = 0; index < width; index++) means[index] = (means[index] as number) / (counts[index] as number);
  const squares = new Float64Array(width);
  for (let at = 0; at < rows.length; at++) {
    const from = (rows[at] as number) * width;
    for (let index = 0; index < width; index++) {
      const distance = (values[from + index] as number) - (means[index] as number);
      if (!Number.isNaN(distance)) squares[index] = (squares[index] as number) + distance * distance;
    }
  }
  return Array.from(means, (mean, index) => {
    const [count, min, max] = [counts[index] as number, mins[index] as number, maxs[index] as number];
    if (min === max) return { mean: min, deviation: 0 };
    return { mean, deviation: Math.sqrt((squares[index] as number) / count) };
  });
}

/**
 * Returns the median of the values that are there, the mean of two for an even number.
 *
 * @param index - of the value among those of a row; 0 for a column of numbers
 */
export function medianOf(column: Numbers | ArrayColumn, index: number, rows: Uint32Array): number {
  const read =
    column.kind === "array"
      ? (row: number) => column.values[row * column.width + index] as number
      : (row: number) => valueAt(column.values, row);
  const sorted = mapRows(rows, read, new Float64Array(rows.length))
    .filter((value) => !Number.isNaN(value))
    .sort();
  const middle = sorted.length >> 1;
  const upper = sorted[middle] as number;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] as number) + upper) / 2;
}

/** Refuses moments that overflow or do not exist. */
export function checkMoments({ mean, deviation }: Moments, name: string, { file }: Table): void {
  if (Number.isNaN(mean) || mean === Infinity || deviation === undefined) {
    throw contentError({ file, column: name }, "no training row has a value; ignore the column");
  }
  if (Number.isFinite(mean) && Number.isFinite(deviation)) return;
  throw contentError({ file, column: name }, "the values are too large to be standardised; scale the column down");
}
