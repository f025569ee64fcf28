// Rows that two files have in common, found by hashes of their cells.

import type { TableRows } from "../split/split-rows.js";
import { numberOf } from "../table/cell-words.js";
import { type Column, valueAt } from "../table/table.js";

/** Multipliers of the two halves of a hash: the golden ratio and the FNV prime. */
const [GOLDEN, PRIME] = [0x9e3779b1, 0x01000193];

/**
 * Returns remarks about rows of other files that are also rows of the training file: figures of
 * such rows say little about new ones.
 *
 * @param names - the compared columns: inputs and targets
 */
export function sharedRowFindings(
  names: readonly string[],
  { train, others }: { readonly train: TableRows; readonly others: readonly TableRows[] },
): string[] {
  const known = hashesOf(names, train).sort();
  return others.flatMap((other) => {
    const shared = hashesOf(names, other).filter((hash) => has(known, hash)).length;
    if (shared === 0) return [];
    const rows = `${shared} of ${other.rows.length} rows`;
    return [`${other.table.file}: ${rows} are also in ${train.table.file}; figures of known rows say little`];
  });
}

/** Returns a hash of 53 bits for each row. */
function hashesOf(names: readonly string[], { table, rows }: TableRows): Float64Array {
  const [high, low] = [new Uint32Array(rows.length), new Uint32Array(rows.length)];
  for (const name of names) {
    const column = table.columns.get(name) as Column;
    const width = column.kind === "array" ? column.width : 1;
    const bitsOf = cellBits(column);
    for (let cell = 0; cell < width; cell++) {
      for (let at = 0; at < rows.length; at++) {
        const bits = bitsOf(rows[at] as number, cell);
        const mixed = Math.imul((high[at] as number) ^ bits, GOLDEN);
        high[at] = mixed ^ (mixed >>> 15);
        const next = Math.imul((low[at] as number) + bits, PRIME);
        low[at] = next ^ (next >>> 13);
      }
    }
  }
  return Float64Array.from(high, (half, at) => half * 2 ** 21 + ((low[at] as number) >>> 11));
}

/** Returns a reader of 32 bits of a cell: equal for equal numbers, written as such or as texts. */
function cellBits(column: Column): (row: number, cell: number) => number {
  const float = new Float32Array(1);
  const bits = new Int32Array(float.buffer);
  const ofNumber = (value: number) => {
    float[0] = value === 0 ? 0 : value;
    return bits[0] as number;
  };
  if (column.kind === "array") return (row, cell) => ofNumber(column.values[row * column.width + cell] as number);
  if (column.kind === "numbers") return (row) => ofNumber(valueAt(column.values, row));
  const ofText = column.texts.map((text) => {
    const value = numberOf(text);
    return value === undefined ? textBits(text) : ofNumber(value);
  });
  return (row) => ofText[valueAt(column.codes, row) - 1] ?? ofNumber(Number.NaN);
}

function textBits(text: string): number {
  let hash = 0x811c9dc5 | 0;
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), PRIME);
  return hash;
}

/** Finds a value in sorted ones. */
function has(sorted: Float64Array, value: number): boolean {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sorted[middle] as number) < value) low = middle + 1;
    else high = middle;
  }
  return sorted[low] === value;
}
