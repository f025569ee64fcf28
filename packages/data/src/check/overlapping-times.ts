import type { FileDataSet } from "@sintonia/tuning/plan/data-set/file-data-set";
import { contentError } from "../error/data-error.js";
import { timesOf } from "../split/row-times.js";
import type { SplitRows, TableRows } from "../split/split-rows.js";
import type { Column } from "../table/table.js";

/** Splits in the order of their times. */
const ORDER = ["train", "validation", "test"] as const;

/**
 * Refuses files of splits whose times overlap: the rows of each split are later than all rows of
 * the splits before it. Splits of one file are divided by time and need no check.
 *
 * @throws {DataError}
 */
export function refuseOverlappingTimes({ split: { time } = {} }: FileDataSet, splits: SplitRows): void {
  if (time === undefined) return;
  const used = ORDER.map((name) => ({ name, ...splits[name] })).filter(({ rows }) => rows.length > 0);
  for (const [index, later] of used.entries()) {
    for (const earlier of used.slice(0, index)) {
      if (earlier.table !== later.table) refuseOverlap(time, earlier, later);
    }
  }
}

interface NamedRows extends TableRows {
  readonly name: (typeof ORDER)[number];
}

function refuseOverlap(column: string, earlier: NamedRows, { name, table, rows }: NamedRows): void {
  const latest = latestTime(earlier, column);
  const timeOf = timesOf(table.columns.get(column) as Column, table, rows);
  const row = rows.find((row) => timeOf(row) <= latest);
  if (row === undefined) return;
  const place = { file: table.file, row: table.rowName(row), column };
  const rule = `with split.time, each row of the ${name} split is later than all of the ${earlier.name} split`;
  throw contentError(place, `the time is not later than the last one of ${earlier.table.file}; ${rule}`);
}

function latestTime({ table, rows }: TableRows, column: string): number {
  const timeOf = timesOf(table.columns.get(column) as Column, table, rows);
  return rows.reduce((latest, row) => Math.max(latest, timeOf(row)), Number.NEGATIVE_INFINITY);
}
