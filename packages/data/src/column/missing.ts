import { contentError } from "../error/data-error.js";
import { type Column, type Table, valueAt } from "../table/table.js";

/** Returns true if a value of a row is missing. */
function isMissingAt(column: Column, row: number): boolean {
  switch (column.kind) {
    case "numbers":
      return Number.isNaN(valueAt(column.values, row));
    case "texts":
      return valueAt(column.codes, row) === 0;
    case "array": {
      const { values, width } = column;
      if (!(values instanceof Float64Array || values instanceof Float32Array)) return false;
      for (let index = row * width; index < (row + 1) * width; index++) if (Number.isNaN(values[index])) return true;
      return false;
    }
  }
}

/** Returns the rows without a missing value in any of the columns, rising. */
export function completeRows(table: Table, columns: readonly Column[]): Uint32Array {
  const isIncomplete = new Uint8Array(table.count);
  for (const column of columns) {
    for (let row = nextMissing(column, 0, table); row < table.count; row = nextMissing(column, row + 1, table)) {
      isIncomplete[row] = 1;
    }
  }
  return allRows(table.count).filter((row) => isIncomplete[row] === 0);
}

/** Refuses the first missing value of a column. */
export function refuseMissing(table: Table, column: Column, advice: string): void {
  const row = nextMissing(column, 0, table);
  if (row === table.count) return;
  const place = { file: table.file, row: table.rowName(row), column: column.name };
  throw contentError(place, `the value is missing; ${advice}`);
}

/** Returns the first row from `start` on with a missing value, else the number of rows. */
function nextMissing(column: Column, start: number, { count }: Table): number {
  let row = start;
  if (column.kind === "numbers") {
    if (column.summary.missing === 0) return count;
    const { chunks, shift } = column.values;
    for (; row < count; row++)
      if (Number.isNaN((chunks[row >> shift] as Float64Array)[row & ((1 << shift) - 1)])) break;
  } else while (row < count && !isMissingAt(column, row)) row++;
  return row;
}

/** Returns the numbers 0 to count - 1. */
export function allRows(count: number): Uint32Array {
  const rows = new Uint32Array(count);
  for (let row = 0; row < count; row++) rows[row] = row;
  return rows;
}
