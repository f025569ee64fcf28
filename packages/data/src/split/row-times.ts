import { isoInstant } from "../column/dates.js";
import { contentError, shown } from "../error/data-error.js";
import { type Column, type Table, valueAt } from "../table/table.js";

/**
 * Returns a reader of the time of each row: a number as it is, an ISO date in milliseconds.
 *
 * @throws {DataError} if one of `rows` has no time
 */
export function timesOf(column: Column, table: Table, rows: Uint32Array): (row: number) => number {
  if (column.kind === "numbers") return (row) => valueAt(column.values, row);
  if (column.kind === "array")
    throw contentError({ file: table.file, column: column.name }, "an array cannot be the time");
  const instants = column.texts.map(isoInstant);
  for (const row of rows) {
    if (instants[valueAt(column.codes, row) - 1] !== undefined) continue;
    const text = shown(column.texts[valueAt(column.codes, row) - 1] as string);
    const place = { file: table.file, row: table.rowName(row), column: column.name };
    throw contentError(place, `expected a number or an ISO date such as 2024-01-31, found ${text}`);
  }
  return (row) => instants[valueAt(column.codes, row) - 1] as number;
}
