import {
  type AsyncBuffer,
  type ColumnData,
  type FileMetaData,
  parquetMetadataAsync,
  parquetRead,
  parquetSchema,
} from "hyparquet";
import { compressors } from "hyparquet-compressors";
import { contentError, DataError } from "../error/data-error.js";
import type { DataFile, Progress } from "../source/data-file.js";
import { RandomAccessFile } from "../source/random-access-file.js";
import { chunkShift } from "../table/column-builder.js";
import type { Column, Table } from "../table/table.js";
import { ValueBuilder } from "../table/value-builder.js";
import type { Reader, ReadOptions } from "./contract/format.js";

/** Reads a Parquet file with flat columns, one row group after the other. */
export const readParquet: Reader = async (file, options) => {
  const opened = await RandomAccessFile.open(file);
  try {
    return await readOpened(opened, file, options);
  } catch (error) {
    if (error instanceof DataError) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw contentError({ file: file.name }, `cannot be read as Parquet: ${reason}`, { cause: error });
  } finally {
    await opened.close();
  }
};

async function readOpened(opened: RandomAccessFile, { name: file }: DataFile, options: ReadOptions): Promise<Table> {
  const metadata = await parquetMetadataAsync(opened);
  const names = parquetSchema(metadata).children.map(({ element }) => element.name);
  options.onNames(names);
  const count = Number(metadata.num_rows);
  if (count === 0) throw contentError({ file }, "the file has no rows");
  const used = names.filter((name) => options.use(name) !== "skip");
  refuseNested(metadata, used, file);
  const shift = chunkShift(used.length);
  const builders = new Map(used.map((name) => [name, new ValueBuilder(shift, options.use(name))]));
  await readGroups(opened, metadata, builders, file, options.onProgress);
  await opened.checkUnchanged();
  const columns = new Map<string, Column>();
  for (const [name, builder] of builders) columns.set(name, builder.build(name, count));
  return { file, count, names, columns, rowName: (row) => `row ${row + 1}` };
}

async function readGroups(
  file: AsyncBuffer,
  metadata: FileMetaData,
  builders: ReadonlyMap<string, ValueBuilder>,
  name: string,
  onProgress: Progress,
): Promise<void> {
  const columns = [...builders.keys()];
  const rows = Number(metadata.num_rows);
  let rowStart = 0;
  for (const group of metadata.row_groups) {
    const rowEnd = rowStart + Number(group.num_rows);
    const chunks: ColumnData[] = [];
    await parquetRead({
      file,
      metadata,
      columns,
      rowStart,
      rowEnd,
      compressors,
      onChunk: (chunk) => chunks.push(chunk),
    });
    for (const chunk of chunks) takeChunk(builders, chunk, name);
    rowStart = rowEnd;
    onProgress(rowEnd / rows);
  }
}

function takeChunk(builders: ReadonlyMap<string, ValueBuilder>, chunk: ColumnData, file: string): void {
  const builder = builders.get(chunk.columnName);
  for (let index = 0; index < chunk.columnData.length; index++) {
    const row = chunk.rowStart + index;
    if (builder?.set(row, chunk.columnData[index]) !== false) continue;
    const place = { file, row: `row ${row + 1}`, column: chunk.columnName };
    throw contentError(place, "expected numbers, texts or booleans; ignore the column");
  }
}

/** Refuses columns of lists, maps and structures. */
function refuseNested(metadata: FileMetaData, used: readonly string[], file: string): void {
  for (const { element, children } of parquetSchema(metadata).children) {
    if (!used.includes(element.name)) continue;
    if (children.length === 0 && element.repetition_type !== "REPEATED") continue;
    const advice = "ignore it, or write a column for each of its values";
    throw contentError({ file, column: element.name }, `the column is nested (a list, map or structure); ${advice}`);
  }
}
