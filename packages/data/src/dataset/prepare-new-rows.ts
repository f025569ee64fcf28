import type { FileFormat } from "@sintonia/tuning/plan/data-set/file-data-set";
import { typeOfColumn } from "../column/column-type.js";
import { allRows, completeRows } from "../column/missing.js";
import { contentError, shownList } from "../error/data-error.js";
import { readerOf } from "../format/formats.js";
import { encodeRows } from "../preparation/encode.js";
import type { Preparation } from "../preparation/preparation.js";
import type { DataFile, Progress } from "../source/data-file.js";
import type { Column, Table } from "../table/table.js";

/** The options of `prepareNewRows`. */
export interface NewRowsOptions {
  /** @default the one that the name says */
  readonly format?: FileFormat;
  /** Separator of a CSV file. @default found in the header line */
  readonly separator?: string;
  readonly onProgress?: Progress;
}

/** Rows of a file as inputs of a trained model. */
export interface NewRows {
  /** Shape (rows.length, features), row-major. */
  readonly inputs: Float32Array;
  readonly features: number;
  /** The row of the file of each input, from 0: all but those that `drop-row` leaves out. */
  readonly rows: Uint32Array;
  /** Number of rows of the file. */
  readonly count: number;
}

/**
 * Prepares the rows of a file for a model as its training rows were. Columns that the model does
 * not read may be there or not, the target among them.
 *
 * @throws {DataError}
 */
export async function prepareNewRows(
  preparation: Preparation,
  file: DataFile,
  options: NewRowsOptions = {},
): Promise<NewRows> {
  const table = await readColumns(preparation, file, options);
  for (const column of preparation.columns) {
    const read = table.columns.get(column.name) as Column;
    typeOfColumn(read, table, column.type);
    checkWidth(read, column.type === "numeric" ? column.width : 1, table);
  }
  const columns = [...table.columns.values()];
  const rows = preparation.missing === "drop-row" ? completeRows(table, columns) : allRows(table.count);
  const [inputs] = encodeRows(preparation, table, [rows], true);
  return { inputs: inputs as Float32Array, features: preparation.features, rows, count: table.count };
}

function readColumns({ columns }: Preparation, file: DataFile, options: NewRowsOptions): Promise<Table> {
  const { format, separator, onProgress = () => undefined } = options;
  const types = new Map(columns.map(({ name, type }) => [name, type]));
  const use = (name: string) => {
    const type = types.get(name);
    return type === undefined ? "skip" : type === "categorical" ? "text" : "value";
  };
  const onNames = (names: readonly string[]) => {
    const lacking = [...types.keys()].filter((name) => !names.includes(name));
    if (lacking.length > 0)
      throw contentError({ file: file.name }, `columns of the model are not there: ${shownList(lacking)}`);
  };
  return readerOf(file.name, format)(file, { use, onNames, fileOf: () => file, separator, onProgress });
}

function checkWidth(column: Column, width: number, { file }: Table): void {
  const found = column.kind === "array" ? column.width : 1;
  if (found === width) return;
  throw contentError({ file, column: column.name }, `each row has ${found} values, the model reads ${width}`);
}
