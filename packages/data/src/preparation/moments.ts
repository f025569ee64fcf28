import { contentError } from "../error/data-error.js";
import type { Table } from "../table/table.js";
import type { Run } from "./runs.js";

/** Mean and standard deviation (divisor n) of the values that are there. */
export interface Moments {
  readonly mean: number;
  /** 0 for a constant column. */
  readonly deviation: number;
}

/**
 * Computes the moments of values in two passes; constant ones have exactly their value and 0.
 *
 * The sums stay local to one function: V8 would allocate each double that it passes to another.
 */
export function momentsOf(runs: readonly Run[], rows: Uint32Array): Moments {
  let count = 0;
  let sum = 0;
  let min = Infinity;
  let max = -Infinity;
  for (const { values, first, width, index, start, end } of runs) {
    for (let at = start; at < end; at++) {
      const value = values[((rows[at] as number) - first) * width + index] as number;
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
  for (const { values, first, width, index, start, end } of runs) {
    for (let at = start; at < end; at++) {
      const distance = (values[((rows[at] as number) - first) * width + index] as number) - mean;
      if (!Number.isNaN(distance)) squares += distance * distance;
    }
  }
  return { mean, deviation: Math.sqrt(squares / count) };
}

/** Returns the median of the values that are there, the mean of two for an even number. */
export function medianOf(runs: readonly Run[], rows: Uint32Array): number {
  const copies = new Float64Array(rows.length);
  for (const { values, first, width, index, start, end } of runs) {
    for (let at = start; at < end; at++) copies[at] = values[((rows[at] as number) - first) * width + index] as number;
  }
  const sorted = copies.filter((value) => !Number.isNaN(value)).sort();
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
