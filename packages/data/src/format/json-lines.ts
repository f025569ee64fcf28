import { contentError, type Place, shown } from "../error/data-error.js";
import { openBytes } from "../source/byte-source.js";
import { RowBuffer } from "../source/row-buffer.js";
import { chunkShift } from "../table/column-builder.js";
import type { Column, Table } from "../table/table.js";
import { ValueBuilder } from "../table/value-builder.js";
import type { Reader, ReadOptions } from "./contract/format.js";

const LINE_FEED = 0x0a;
const UTF8 = new TextDecoder("utf-8", { fatal: true });

/** Reads a JSON object from each line. A name that a line lacks is missing there, as is null. */
export const readJsonLines: Reader = async (file, options) => {
  const source = await openBytes(file, options.onProgress);
  const buffer = new RowBuffer(source, file.name);
  const lines = new LineReader(file.name, options);
  try {
    for (let position = 0; !buffer.final; ) {
      position = await buffer.refill(position);
      const end = buffer.final ? buffer.end : buffer.bytes.lastIndexOf(LINE_FEED, buffer.end - 1) + 1;
      lines.read(buffer.bytes.subarray(0, end));
      position = end;
    }
  } finally {
    await buffer.settle();
    await source.close();
  }
  return lines.build();
};

class LineReader {
  readonly #file: string;
  readonly #options: ReadOptions;
  /** A builder for each name; undefined for a column that is not read. */
  readonly #builders = new Map<string, ValueBuilder | undefined>();
  /** Number of the line of each row. */
  readonly #lines: number[] = [];
  #line = 0;
  #shift: number | undefined;

  constructor(file: string, options: ReadOptions) {
    this.#file = file;
    this.#options = options;
  }

  /** Reads whole lines. */
  read(bytes: Buffer): void {
    for (let start = 0; start < bytes.length; ) {
      const found = bytes.indexOf(LINE_FEED, start);
      const end = found < 0 ? bytes.length : found;
      this.#line++;
      const text = this.#decode(bytes.subarray(start, end)).trim();
      if (text !== "") this.#add(this.#parse(text));
      start = end + 1;
    }
  }

  build(): Table {
    const count = this.#lines.length;
    if (count === 0) throw contentError({ file: this.#file }, "the file has no rows");
    const names = [...this.#builders.keys()];
    this.#options.onNames(names);
    const columns = new Map<string, Column>();
    for (const [name, builder] of this.#builders)
      if (builder !== undefined) columns.set(name, builder.build(name, count));
    return { file: this.#file, count, names, columns, rowName: (row) => `line ${this.#lines[row]}` };
  }

  #add(record: Readonly<Record<string, unknown>>): void {
    const row = this.#lines.length;
    this.#lines.push(this.#line);
    this.#shift ??= chunkShift(Object.keys(record).length);
    for (const [name, value] of Object.entries(record)) {
      const builder = this.#builders.has(name) ? this.#builders.get(name) : this.#start(name, this.#shift);
      if (builder === undefined || builder.set(row, value)) continue;
      const found = shown(JSON.stringify(value));
      throw contentError(
        { ...this.#place(), column: name },
        `expected a number, a text, true, false or null, found ${found}`,
      );
    }
  }

  #start(name: string, shift: number): ValueBuilder | undefined {
    const use = this.#options.use(name);
    const builder = use === "skip" ? undefined : new ValueBuilder(shift, use);
    this.#builders.set(name, builder);
    return builder;
  }

  #parse(text: string): Readonly<Record<string, unknown>> {
    let value: unknown;
    try {
      value = JSON.parse(text);
    } catch (error) {
      const hint =
        this.#line === 1 && text.startsWith("[") ? "; write each object on a line of its own, without a list" : "";
      throw contentError(this.#place(), `not JSON: ${shown(text)}${hint}`, { cause: error });
    }
    if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
    throw contentError(this.#place(), `expected an object such as {"a": 1}, found ${shown(text)}`);
  }

  #decode(bytes: Buffer): string {
    try {
      return UTF8.decode(bytes);
    } catch (error) {
      throw contentError(this.#place(), "the line is not UTF-8; save the file as UTF-8", { cause: error });
    }
  }

  #place(): Place {
    return { file: this.#file, row: `line ${this.#line}` };
  }
}
