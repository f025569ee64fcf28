import { contentError } from "../error/data-error.js";
import type { ArrayColumn, NumberColumn, Table } from "../table/table.js";

/** Mean and standard deviation (divisor n) of the values that are there. */
export interface Moments {
  readonly mean: number;
  /** 0 for a constant column. */
  readonly deviation: number;
}

/** Reads the value of a row. */
export type ReadValue = (row: number) => number;

/** Returns a reader of one value of each row. */
export function valuesOf(column: NumberColumn | ArrayColumn, index: number): ReadValue {
  if (column.kind === "array") {
    const { values, width } = column;
    return (row) => values[row * width + index] as number;
  }
  const { chunks, shift } = column.values;
  const mask = (1 << shift) - 1;
  return (row) => (chunks[row >> shift] as Float64Array)[row & mask] as number;
}

/** Computes the moments of rows in two passes; a constant column has exactly its value and 0. */
export function momentsOf(read: ReadValue, rows: Uint32Array): Moments {
  let [count, sum, min, max] = [0, 0, Infinity, -Infinity];
  for (let index = 0; index < rows.length; index++) {
    const value = read(rows[index] as number);
    if (Number.isNaN(value)) continue;
    count++;
    sum += value;
    if (value < min) min = value;
    if (value > max) max = value;
  }
  if (min === max) return { mean: min, deviation: 0 };
  const mean = sum / count;
  let squares = 0;
  for (let index = 0; index < rows.length; index++) {
    const distance = read(rows[index] as number) - mean;
    if (!Number.isNaN(distance)) squares += distance * distance;
  }
  return { mean, deviation: Math.sqrt(squares / count) };
}

/** Returns the median of the values that are there, the mean of two for an even number. */
export function medianOf(read: ReadValue, rows: Uint32Array): number {
  const values = Float64Array.from(rows, (row) => read(row)).filter((value) => !Number.isNaN(value));
  values.sort();
  const middle = values.length >> 1;
  const upper = values[middle] as number;
  return values.length % 2 === 1 ? upper : ((values[middle - 1] as number) + upper) / 2;
}

/** Refuses moments that overflow or do not exist. */
export function checkMoments({ mean, deviation }: Moments, name: string, { file }: Table): void {
  if (Number.isNaN(mean) || mean === Infinity || deviation === undefined) {
    throw contentError({ file, column: name }, "no training row has a value; ignore the column");
  }
  if (Number.isFinite(mean) && Number.isFinite(deviation)) return;
  throw contentError({ file, column: name }, "the values are too large to be standardised; scale the column down");
}
