import type { Table } from "../table/table.js";

/** Rows of a table. */
export interface TableRows {
  readonly table: Table;
  readonly rows: Uint32Array;
}

/** Rows of each split and the table that has them. */
export type SplitRows = Readonly<Record<"train" | "validation" | "test", TableRows>>;
