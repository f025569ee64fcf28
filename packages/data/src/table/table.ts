// The content of a data file in columns, before any preparation.

import type { NumberSummary } from "./number-summary.js";

/** Numbers of a column; NaN is a missing value. */
export interface Numbers {
  readonly kind: "numbers";
  readonly name: string;
  readonly values: Chunks<Float32Array | Float64Array>;
}

/** A column of numbers. */
export interface NumberColumn extends Numbers {
  /** True if the numbers are instants in ms since 1970. */
  readonly dates: boolean;
  readonly summary: NumberSummary;
}

/** A column of texts: `texts[code - 1]`; code 0 is a missing value. */
export interface TextColumn {
  readonly kind: "texts";
  readonly name: string;
  readonly codes: Chunks<Uint32Array>;
  /** The different texts, in the order of their first rows. */
  readonly texts: readonly string[];
}

/** Arrays of numbers: `width` values of each row, NaN where one is missing. */
export interface ArrayColumn {
  readonly kind: "array";
  readonly name: string;
  readonly width: number;
  /** Shape (count, width), row-major. */
  readonly values: NumberArray;
}

/** A column of a table. */
export type Column = NumberColumn | TextColumn | ArrayColumn;

/** Numbers in memory. */
export type NumberArray =
  | Float32Array
  | Float64Array
  | Int8Array
  | Uint8Array
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array;

/** Values of a column in pieces of equal length, so that a column can grow without copies. */
export interface Chunks<A> {
  readonly chunks: readonly A[];
  /** A chunk has 2^shift rows; the last one has the rest, or unused rows behind it. */
  readonly shift: number;
}

/** A data file in columns. */
export interface Table {
  /** Path as the plan writes it. */
  readonly file: string;
  /** Number of rows. */
  readonly count: number;
  /** Names of all columns of the file, in its order, also of those that were not read. */
  readonly names: readonly string[];
  /** The columns that were read, by name. */
  readonly columns: ReadonlyMap<string, Column>;
  /** Returns the name of a row for messages, such as `line 7`. */
  rowName(row: number): string;
}

/** Returns a value of chunks. */
export function valueAt({ chunks, shift }: Chunks<NumberArray>, row: number): number {
  return (chunks[row >> shift] as NumberArray)[row & ((1 << shift) - 1)] as number;
}

/** Returns the text of a row; undefined if it is missing. */
export function textAt({ codes, texts }: TextColumn, row: number): string | undefined {
  return texts[valueAt(codes, row) - 1];
}
