import { contentError } from "../error/data-error.js";
import { type Column, type Table, valueAt } from "../table/table.js";

/** Returns true if a value of a row is missing. */
export function isMissingAt(column: Column, row: number): boolean {
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
  const complete = new Uint8Array(table.count).fill(1);
  for (const column of columns) {
    for (let row = 0; row < table.count; row++) if (isMissingAt(column, row)) complete[row] = 0;
  }
  return allRows(table.count).filter((row) => complete[row] === 1);
}

/** Refuses the first missing value of a column. */
export function refuseMissing(table: Table, column: Column, advice: string): void {
  for (let row = 0; row < table.count; row++) {
    if (!isMissingAt(column, row)) continue;
    const place = { file: table.file, row: table.rowName(row), column: column.name };
    throw contentError(place, `the value is missing; ${advice}`);
  }
}

/** Returns the numbers 0 to count - 1. */
export function allRows(count: number): Uint32Array {
  const rows = new Uint32Array(count);
  for (let row = 0; row < count; row++) rows[row] = row;
  return rows;
}
