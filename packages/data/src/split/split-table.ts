import type { FileDataSet } from "@sintonia/tuning/plan/data-set/file-data-set";
import { contentError } from "../error/data-error.js";
import { type Column, type Table, valueAt } from "../table/table.js";
import { type DivisionBasis, DivisionError, type RowSplit } from "./division.js";
import { timesOf } from "./row-times.js";
import { divideRows, sharesOf } from "./split.js";

/** What the division of a table needs beside the plan. */
interface SplitTableOptions {
  readonly rows: Uint32Array;
  /** Splits that have files of their own. */
  readonly given: { readonly validation: boolean; readonly test: boolean };
  readonly fold: number;
  /** Class of each row; undefined for a regression. */
  readonly classOf: ((row: number) => number) | undefined;
}

/** Divides the rows of a table as its plan says. */
export function splitTable(plan: FileDataSet, table: Table, options: SplitTableOptions): RowSplit {
  const { split = {} } = plan;
  const shares = sharesOf(split, options.given, options.fold);
  if (shares.validation + shares.test >= 1) {
    throw contentError(
      { file: table.file },
      "split.validation and split.test leave no rows to train; lower one of them",
    );
  }
  try {
    return divideRows(options.rows, shares, basisOf(plan, table, options), split.seed ?? 0);
  } catch (error) {
    if (!(error instanceof DivisionError)) throw error;
    throw contentError({ file: table.file, column: split.group ?? split.time }, error.message, { cause: error });
  }
}

function basisOf({ split = {} }: FileDataSet, table: Table, { rows, classOf }: SplitTableOptions): DivisionBasis {
  if (split.time !== undefined) return { times: timesOf(table.columns.get(split.time) as Column, table, rows) };
  if (split.group !== undefined) return { groups: codesOf(table.columns.get(split.group) as Column, table) };
  return split.stratify === false ? {} : { strata: classOf };
}

/** Returns a reader of a code for each row: equal for equal values. */
function codesOf(column: Column, table: Table): (row: number) => number {
  if (column.kind === "texts") return (row) => valueAt(column.codes, row);
  if (column.kind === "array")
    throw contentError({ file: table.file, column: column.name }, "an array cannot be the group");
  const codes = new Map<number, number>();
  for (let row = 0; row < table.count; row++) {
    const value = valueAt(column.values, row);
    if (!codes.has(value)) codes.set(value, codes.size);
  }
  return (row) => codes.get(valueAt(column.values, row)) as number;
}
