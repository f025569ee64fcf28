import type { FileDataSet } from "@sintonia/tuning/plan/data-set/file-data-set";
import { allRows, completeRows, refuseMissing } from "../column/missing.js";
import type { Roles } from "../column/roles.js";
import { contentError } from "../error/data-error.js";
import type { Column, Table } from "../table/table.js";

/**
 * Returns the rows of a table that a plan uses, rising: without those that `missing: drop-row`
 * leaves out.
 *
 * @throws {DataError} if a value is missing that may not be, or no row is left
 */
export function keptRows({ missing }: FileDataSet, table: Table, roles: Roles): Uint32Array {
  const { targets, inputs, group, time, weight } = roles;
  const others = [...targets, group, time, weight].filter((name) => name !== undefined);
  const columnOf = (name: string) => table.columns.get(name) as Column;
  if (missing === "drop-row") {
    const rows = completeRows(table, [...new Set([...others, ...inputs])].map(columnOf));
    if (rows.length === 0) throw contentError({ file: table.file }, "every row has a missing value, none is left");
    return rows;
  }
  for (const name of others) refuseMissing(table, columnOf(name), "missing: drop-row leaves such rows out");
  if (missing === undefined) {
    const advice = "set missing: mean | median | category | drop-row";
    for (const name of inputs) refuseMissing(table, columnOf(name), advice);
  }
  return allRows(table.count);
}
