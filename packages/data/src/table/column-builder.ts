import { compact } from "./compact.js";
import { joinSummaries, NO_NUMBERS, type NumberSummary, summaryOf } from "./number-summary.js";
import type { Chunks, NumberColumn, TextColumn } from "./table.js";

/** Values of all current chunks together: 2 MiB, which a processor's cache holds. */
const CHUNK_VALUES = 2 ** 18;

/**
 * Returns the logarithm to base 2 of the rows of a chunk, for a number of columns. The largest
 * chunk has 65,536 rows.
 */
export function chunkShift(columns: number): number {
  const rows = Math.max(64, Math.min(65_536, CHUNK_VALUES / Math.max(1, columns)));
  return Math.floor(Math.log2(rows));
}

/** Collects numbers row by row, rows rising. Chunks that are full are compacted. */
export class NumberBuilder {
  readonly shift: number;
  dates = false;
  readonly #exact: boolean;
  readonly #full: (Float32Array | Float64Array)[] = [];
  readonly #current: Float64Array;
  /** Of the full chunks. */
  #summary: NumberSummary = NO_NUMBERS;

  /** @param exact - true keeps every number as it is */
  constructor(shift: number, exact: boolean) {
    this.shift = shift;
    this.#exact = exact;
    this.#current = new Float64Array(1 << shift);
  }

  /** Returns the chunk of a row, which is not before the rows so far. The caller sets every row. */
  chunkOf(row: number): Float64Array {
    while (this.#full.length < row >> this.shift) this.#full.push(this.#compact(this.#current));
    return this.#current;
  }

  get(row: number): number {
    const chunk = this.#full[row >> this.shift] ?? this.#current;
    return chunk[row & ((1 << this.shift) - 1)] as number;
  }

  set(row: number, value: number): void {
    this.chunkOf(row)[row & ((1 << this.shift) - 1)] = value;
  }

  /** Makes the rows [start, end) missing. */
  fillMissing(start: number, end: number): void {
    for (let row = start; row < end; row++) this.set(row, Number.NaN);
  }

  /** @param count - number of rows */
  build(name: string, count: number): NumberColumn {
    const last = this.#current.subarray(0, count - (this.#full.length << this.shift));
    const chunks = [...this.#full, this.#compact(last)];
    return { kind: "numbers", name, values: { chunks, shift: this.shift }, dates: this.dates, summary: this.#summary };
  }

  #compact(values: Float64Array): Float32Array | Float64Array {
    const summary = summaryOf(values);
    this.#summary = joinSummaries(this.#summary, summary);
    return compact(values, summary, this.#exact);
  }
}

/** Collects texts row by row; equal texts share a code. */
export class TextBuilder {
  readonly #chunks: Uint32Array[] = [];
  readonly #codes = new Map<string, number>();
  readonly shift: number;

  constructor(shift: number) {
    this.shift = shift;
  }

  /** Number of different texts. */
  get size(): number {
    return this.#codes.size;
  }

  set(row: number, text: string): void {
    let code = this.#codes.get(text);
    if (code === undefined) {
      code = this.#codes.size + 1;
      this.#codes.set(text, code);
    }
    this.#setCode(row, code);
  }

  /** Makes all rows below `count` exist; those without a text are missing. */
  extendTo(count: number): void {
    while (this.#chunks.length << this.shift < count) this.#chunks.push(new Uint32Array(1 << this.shift));
  }

  setMissing(row: number): void {
    this.#setCode(row, 0);
  }

  #setCode(row: number, code: number): void {
    this.extendTo(row + 1);
    (this.#chunks[row >> this.shift] as Uint32Array)[row & ((1 << this.shift) - 1)] = code;
  }

  build(name: string): TextColumn {
    const codes: Chunks<Uint32Array> = { chunks: this.#chunks, shift: this.shift };
    return { kind: "texts", name, codes, texts: [...this.#codes.keys()] };
  }
}
