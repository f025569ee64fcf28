import { contentError, DataError, type Place } from "../../error/data-error.js";
import type { DataFile } from "../../source/data-file.js";
import { Filler } from "../../source/fill.js";
import { RandomAccessFile } from "../../source/random-access-file.js";
import { StreamSource } from "../../source/stream-source.js";
import type { Column, Table } from "../../table/table.js";
import type { Reader, ReadOptions } from "../contract/format.js";
import { columnOfArray, type NpyArray, readNpyArray } from "./npy-array.js";
import { type ZipEntry, ZipFile } from "./zip-file.js";

/** Reads the arrays of an NPZ file, a zip archive of NPY files. Each array is a column. */
export const readNpz: Reader = async (file, options) => {
  const opened = await RandomAccessFile.open(file);
  try {
    const zip = await ZipFile.open(file.path);
    try {
      const table = await readArrays(zip, file, options);
      await opened.checkUnchanged();
      return table;
    } finally {
      zip.close();
    }
  } catch (error) {
    if (error instanceof DataError) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw contentError({ file: file.name }, `cannot be read as NPZ: ${reason}`, { cause: error });
  } finally {
    await opened.close();
  }
};

async function readArrays(zip: ZipFile, { name: file }: DataFile, options: ReadOptions): Promise<Table> {
  const entries = new Map<string, ZipEntry>();
  for (const entry of zip.entries) entries.set(entry.fileName.replace(/\.npy$/, ""), entry);
  const names = [...entries.keys()];
  options.onNames(names);
  const columns = new Map<string, Column>();
  let first: { readonly name: string; readonly count: number } | undefined;
  for (const [index, [name, entry]] of [...entries].entries()) {
    if (options.use(name) === "skip") continue;
    const place = { file, column: name };
    const array = await readEntry(zip, entry, place);
    first ??= { name, count: array.shape[0] ?? 0 };
    checkRows(array, first, place);
    columns.set(name, columnOfArray(name, array, { file }));
    options.onProgress((index + 1) / entries.size);
  }
  const count = first?.count ?? 0;
  if (count === 0) throw contentError({ file }, "the arrays have no rows");
  return { file, count, names, columns, rowName: (row) => `row ${row + 1}` };
}

async function readEntry(zip: ZipFile, entry: ZipEntry, place: Place): Promise<NpyArray> {
  const source = new StreamSource(await zip.read(entry));
  try {
    const filler = new Filler(source, place);
    const array = await readNpyArray(filler.fill, place);
    await filler.end();
    return array;
  } finally {
    await source.close();
  }
}

function checkRows({ shape }: NpyArray, first: { readonly name: string; readonly count: number }, place: Place): void {
  if (shape.length === 0)
    throw contentError(place, "a single number, not an array with a row for each example; ignore it");
  if (shape[0] === first.count) return;
  throw contentError(place, `the array has ${shape[0]} rows, ${first.name} has ${first.count}; ignore one of them`);
}
