import { contentError, shown } from "../error/data-error.js";
import type { TableRows } from "../split/split-rows.js";
import { type Column, valueAt } from "../table/table.js";

/**
 * Refuses a group that has rows in two files, each of which is a split of its own.
 *
 * @param files - the rows of each file
 * @throws {DataError}
 */
export function refuseSharedGroups(group: string, files: readonly TableRows[]): void {
  const fileOf = new Map<string, string>();
  for (const { table, rows } of files) {
    for (const [key, row] of firstRows(table.columns.get(group) as Column, rows)) {
      const first = fileOf.get(key);
      if (first !== undefined) {
        const place = { file: table.file, row: table.rowName(row), column: group };
        throw contentError(place, `the group ${shown(key)} is also in ${first}; a group belongs to one split`);
      }
      fileOf.set(key, table.file);
    }
  }
}

/** Returns the first row of each group by its text. */
function firstRows(column: Column, rows: Uint32Array): ReadonlyMap<string, number> {
  if (column.kind === "array") return new Map();
  const values = column.kind === "texts" ? column.codes : column.values;
  const first = new Map<number, number>();
  for (const row of rows) {
    const value = valueAt(values, row);
    if (!first.has(value)) first.set(value, row);
  }
  const textOf = (value: number) => (column.kind === "texts" ? (column.texts[value - 1] as string) : String(value));
  return new Map(Array.from(first, ([value, row]) => [textOf(value), row]));
}
