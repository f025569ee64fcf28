import { contentError, type Place } from "../../error/data-error.js";
import type { RowBytes } from "../../source/row-buffer.js";
import type { DelimitedColumn } from "./delimited-column.js";
import { emptyField, type Field, INCOMPLETE, scanField, TEXT_AFTER_QUOTE } from "./field.js";
import { fieldText } from "./field-text.js";
import { LineNumbers } from "./line-numbers.js";
import { NO_NUMBER } from "./number/decimal-scan.js";
import { scanNumber } from "./number/number-scan.js";

const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;

/** The settings of a parser. */
interface RowParserOptions {
  /** Path as the plan writes it. */
  readonly file: string;
  /** The separator's byte. */
  readonly separator: number;
  readonly columns: readonly DelimitedColumn[];
  /** Rows of a chunk of the columns, as a logarithm to base 2. */
  readonly shift: number;
  /** Number of the line where the first row could begin. */
  readonly line: number;
}

/** Reads rows of a delimited file into columns. */
export class RowParser {
  readonly lines: LineNumbers;
  readonly #options: RowParserOptions;
  readonly #field: Field = emptyField();
  /** The chunk of each column of numbers that holds the current row. */
  #chunks: readonly (Float64Array | undefined)[] = [];
  #row = 0;
  /** Line breaks inside the quotes of the current row. */
  #innerLines = 0;

  constructor(options: RowParserOptions) {
    this.#options = options;
    this.lines = new LineNumbers(options.line);
  }

  /** Number of rows so far. */
  get count(): number {
    return this.#row;
  }

  /** Reads whole rows. Returns the position of the first row that is not complete. */
  parse(rows: RowBytes, start: number): number {
    const { bytes, end, final } = rows;
    let position = start;
    while (position < end) {
      const byte = bytes[position];
      const blank = byte === LINE_FEED || byte === CARRIAGE_RETURN;
      const last = blank ? position : this.#parseRow(rows, position);
      const next = last === INCOMPLETE ? INCOMPLETE : afterRow(bytes, last, end, final);
      if (next === INCOMPLETE) return position;
      this.lines.skip(blank ? 1 : this.#innerLines);
      if (!blank) this.#row++;
      position = next;
    }
    return position;
  }

  /** Returns the position of the line break after a row. */
  #parseRow({ bytes, view, end, final }: RowBytes, start: number): number {
    const { separator, columns, shift } = this.#options;
    const index = this.#row & ((1 << shift) - 1);
    if (index === 0) this.#chunks = columns.map(({ numbers }) => numbers?.chunkOf(this.#row));
    this.#innerLines = 0;
    let position = start;
    for (let column = 0; ; column++) {
      const chunk = this.#chunks[column];
      let next = chunk === undefined ? NO_NUMBER : scanNumber(view, position, chunk, index);
      let byte = next === NO_NUMBER ? 0 : bytes[next];
      if (byte !== separator && byte !== LINE_FEED && byte !== CARRIAGE_RETURN) {
        next = this.#parseField(bytes, position, end, final, column);
        if (next === INCOMPLETE) return INCOMPLETE;
        byte = bytes[next];
      }
      if (byte === separator) {
        position = next + 1;
        continue;
      }
      if (next === end && !final) return INCOMPLETE;
      if (column + 1 < columns.length) this.#refuseLength(`${column + 1} values`);
      return next;
    }
  }

  /** Reads a field as a text. Returns the position after the field. */
  #parseField(bytes: Buffer, start: number, end: number, final: boolean, index: number): number {
    const { separator, columns } = this.#options;
    const column = columns[index] ?? this.#refuseLength("more values");
    const next = scanField(bytes, start, end, separator, this.#field);
    const place = () => ({ ...this.#place(), column: column.name });
    if (next === TEXT_AFTER_QUOTE) throw contentError(place(), UNBALANCED);
    if (next === INCOMPLETE && final) throw contentError(place(), "the quote that opens here is never closed");
    if (next === INCOMPLETE || (next === end && !final)) return INCOMPLETE;
    this.#innerLines += this.#field.lines;
    if (column.use !== "skip") {
      column.set(this.#row, fieldText(bytes, this.#field, place), this.lines.begin(this.#row));
    }
    return next;
  }

  #refuseLength(found: string): never {
    const expected = this.#options.columns.length;
    throw contentError(this.#place(), `the row has ${found}, the header has ${expected}`);
  }

  #place(): Place {
    return { file: this.#options.file, row: `line ${this.lines.begin(this.#row)}` };
  }
}

const UNBALANCED = "a text follows a closing quote; write a quote inside of a quoted text twice";

/** Returns the position after the line break at `position`. */
function afterRow(bytes: Buffer, position: number, end: number, final: boolean): number {
  if (position >= end) return final ? position : INCOMPLETE;
  if (bytes[position] === LINE_FEED) return position + 1;
  if (position + 1 === end) return final ? end : INCOMPLETE;
  return bytes[position + 1] === LINE_FEED ? position + 2 : position + 1;
}
