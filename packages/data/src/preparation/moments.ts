import { contentError } from "../error/data-error.js";
import type { ArrayColumn, Numbers, Table } from "../table/table.js";

/** Mean and standard deviation (divisor n) of the values that are there. */
export interface Moments {
  readonly mean: number;
  /** 0 for a constant column. */
  readonly deviation: number;
}

/** Copies one value of each of some rows into a buffer, and returns the copies. */
export function gather(
  column: Numbers | ArrayColumn,
  index: number,
  rows: Uint32Array,
  buffer: Float64Array,
): Float64Array {
  const values = buffer.subarray(0, rows.length);
  if (column.kind === "array") {
    const { values: from, width } = column;
    for (let at = 0; at < rows.length; at++) values[at] = from[(rows[at] as number) * width + index] as number;
    return values;
  }
  const { chunks, shift } = column.values;
  const size = 1 << shift;
  for (let at = 0; at < rows.length; ) {
    const part = (rows[at] as number) >> shift;
    at = gatherChunk(chunks[part] as Float64Array, part * size, rows, at, values);
  }
  return values;
}

/** Copies the values of rows of one chunk. Returns the position of the first row of another. */
function gatherChunk(
  chunk: Float32Array | Float64Array,
  first: number,
  rows: Uint32Array,
  start: number,
  into: Float64Array,
): number {
  let at = start;
  for (; at < rows.length; at++) {
    const index = (rows[at] as number) - first;
    if (index >= chunk.length) break;
    into[at] = chunk[index] as number;
  }
  return at;
}

/** Computes the moments of values in two passes; constant ones have exactly their value and 0. */
export function momentsOf(values: Float64Array): Moments {
  let [count, sum, min, max] = [0, 0, Infinity, -Infinity];
  for (let index = 0; index < values.length; index++) {
    const value = values[index] as number;
    if (Number.isNaN(value)) continue;
    count++;
    sum += value;
    if (value < min) min = value;
    if (value > max) max = value;
  }
  if (min === max) return { mean: min, deviation: 0 };
  const mean = sum / count;
  let squares = 0;
  for (let index = 0; index < values.length; index++) {
    const distance = (values[index] as number) - mean;
    if (!Number.isNaN(distance)) squares += distance * distance;
  }
  return { mean, deviation: Math.sqrt(squares / count) };
}

/** Returns the median of the values that are there, the mean of two for an even number. */
export function medianOf(values: Float64Array): number {
  const sorted = values.filter((value) => !Number.isNaN(value)).sort();
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
