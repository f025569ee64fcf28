import type { DataFile, Progress } from "../../source/data-file.js";
import type { ColumnUse } from "../../table/column-use.js";
import type { Table } from "../../table/table.js";

/** What a reader needs to know about the wanted table. */
export interface ReadOptions {
  /** Returns the use of a column. */
  readonly use: (name: string) => ColumnUse;
  /** Receives the names of all columns once they are known. May throw if one is not there. */
  readonly onNames: (names: readonly string[]) => void;
  /** Returns another file by its path as the plan writes it. */
  readonly fileOf: (name: string) => DataFile;
  /** Separator of a CSV file, if the plan names one. */
  readonly separator?: string | undefined;
  readonly onProgress: Progress;
}

/**
 * Reads a data file. Faults are `DataError`s that name the file, and the row and the column where
 * there is one.
 */
export type Reader = (file: DataFile, options: ReadOptions) => Promise<Table>;
