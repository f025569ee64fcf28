import { contentError, shown } from "../../error/data-error.js";
import { openBytes } from "../../source/byte-source.js";
import type { DataFile } from "../../source/data-file.js";
import { RowBuffer } from "../../source/row-buffer.js";
import { chunkShift } from "../../table/column-builder.js";
import type { Column, Table } from "../../table/table.js";
import type { Reader, ReadOptions } from "../contract/format.js";
import { DelimitedColumn } from "./delimited-column.js";
import { readHeader } from "./header.js";
import { RowParser } from "./row-parser.js";

/** The beginning of a file that tells which columns are texts. */
const SAMPLE_BYTES = 2 ** 18;
/** A column with a smaller share of texts has faulty numbers; one with a larger is categorical. */
const TEXT_SHARE_MIN = 0.05;

/** Reads comma-separated values, or those with another separator that the header line shows. */
export const readCsv: Reader = (file, options) => readDelimited(file, options);

/** Reads tab-separated values. */
export const readTsv: Reader = (file, options) =>
  readDelimited(file, { ...options, separator: options.separator ?? "\t" });

/** What one reading of a file gives. */
interface Reading {
  readonly names: readonly string[];
  readonly columns: readonly DelimitedColumn[];
  readonly parser: RowParser;
  /** False if only the beginning was read. */
  readonly complete: boolean;
}

/**
 * Reads the beginning to find columns of texts, then the file. Reads the file once more if a column
 * of numbers turns out to hold texts.
 */
async function readDelimited(file: DataFile, options: ReadOptions): Promise<Table> {
  const sample = await read(file, options, new Set(), SAMPLE_BYTES);
  const texts = new Set(sample.columns.filter(holdsTexts(sample)).map(({ name }) => name));
  let reading = sample.complete && texts.size === 0 ? sample : await read(file, options, texts, Infinity);
  const later = reading.columns.filter(({ textCount }) => textCount > 0);
  for (const column of later) {
    if (!holdsTexts(reading)(column)) refuseText(column, file.name);
    texts.add(column.name);
  }
  if (later.length > 0) reading = await read(file, options, texts, Infinity);
  for (const column of reading.columns) refuseInfinite(column, file.name);
  return tableOf(reading, file.name);
}

/** Reads a file, at least `bytesMax` of it; the named columns as texts. */
async function read(
  file: DataFile,
  options: ReadOptions,
  texts: ReadonlySet<string>,
  bytesMax: number,
): Promise<Reading> {
  const source = await openBytes(file, options.onProgress);
  const buffer = new RowBuffer(source, file.name);
  try {
    await buffer.fillLine();
    const { names, separator, end, line } = readHeader(buffer.bytes, buffer.end, file.name, options.separator);
    options.onNames(names);
    const shift = chunkShift(names.length);
    const columns = names.map((name) => new DelimitedColumn(name, texts.has(name) ? "text" : options.use(name), shift));
    const parser = new RowParser({ file: file.name, separator, columns, shift, line });
    for (let position = end; ; ) {
      position = parser.parse(buffer, position);
      if (buffer.final || buffer.total >= bytesMax) break;
      position = await buffer.refill(position);
    }
    return { names, columns, parser, complete: buffer.final };
  } finally {
    await buffer.settle();
    await source.close();
  }
}

/** Returns a predicate: true for a column of numbers in which texts are no exception. */
function holdsTexts({ parser }: Reading): (column: DelimitedColumn) => boolean {
  return ({ textCount, numbers }) => {
    if (textCount === 0 || numbers === undefined) return false;
    let numberCount = 0;
    for (let row = 0; row < parser.count; row++) if (!Number.isNaN(numbers.get(row))) numberCount++;
    return textCount >= TEXT_SHARE_MIN * (numberCount + textCount);
  };
}

function refuseText({ name, firstText }: DelimitedColumn, file: string): void {
  if (firstText === undefined) return;
  const { text, line } = firstText;
  const advice = `correct it, leave it empty for a missing value, or set columns: { ${name}: categorical }`;
  throw contentError({ file, row: `line ${line}`, column: name }, `${shown(text)} among numbers; ${advice}`);
}

function refuseInfinite({ name, firstInfinite }: DelimitedColumn, file: string): void {
  if (firstInfinite === undefined) return;
  const { text, line } = firstInfinite;
  throw contentError({ file, row: `line ${line}`, column: name }, `${shown(text)} is not a finite number`);
}

function tableOf({ names, columns, parser }: Reading, file: string): Table {
  if (parser.count === 0) throw contentError({ file }, "the file has a header and no rows");
  const read = columns
    .filter(({ use }) => use !== "skip")
    .map((column): [string, Column] => [column.name, column.build(parser.count)]);
  return {
    file,
    count: parser.count,
    names,
    columns: new Map(read),
    rowName: (row) => `line ${parser.lines.lineOf(row)}`,
  };
}
