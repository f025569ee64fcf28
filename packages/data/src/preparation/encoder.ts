import { booleanOf } from "../column/boolean-words.js";
import { contentError } from "../error/data-error.js";
import type { ArrayColumn, Column, NumberColumn, Numbers, Table, TextColumn } from "../table/table.js";
import { valueAt } from "../table/table.js";
import { categoryOf, numbersOf } from "./fit.js";
import {
  featureCount,
  type PreparedBoolean,
  type PreparedCategories,
  type PreparedColumn,
  type PreparedNumbers,
} from "./preparation.js";

/** Rows [start, end) of `rows`, and the matrix for the inputs of all rows, shape (n, features). */
export interface Block {
  readonly rows: Uint32Array;
  readonly start: number;
  readonly end: number;
  readonly inputs: Float32Array;
  readonly features: number;
}

/** Writes the features of one column into a block whose memory is zero. */
export type Encoder = (block: Block) => void;

/** Creates the encoders of all columns. Throws a `DataError` if a column has no such values. */
export function createEncoders(columns: readonly PreparedColumn[], table: Table): Encoder[] {
  let offset = 0;
  return columns.map((prepared) => {
    const encoder = createEncoder(prepared, table.columns.get(prepared.name) as Column, table, offset);
    offset += featureCount(prepared);
    return encoder;
  });
}

function createEncoder(prepared: PreparedColumn, column: Column, table: Table, offset: number): Encoder {
  switch (prepared.type) {
    case "numeric":
      return encodeNumbers(prepared, numbersOf(column), table, offset);
    case "boolean":
      return encodeBooleans(prepared, column as NumberColumn | TextColumn, table, offset);
    case "categorical":
      return encodeCategories(prepared, column as NumberColumn | TextColumn, table, offset);
  }
}

function encodeNumbers(
  prepared: PreparedNumbers,
  column: Numbers | ArrayColumn,
  table: Table,
  offset: number,
): Encoder {
  if (column.kind === "array") return encodeArray(prepared, column, table, offset);
  const { chunks, shift } = column.values;
  const mask = (1 << shift) - 1;
  const [mean, deviation, fill] = [prepared.mean[0] as number, prepared.deviation[0] as number, prepared.fill?.[0]];
  return ({ rows, start, end, inputs, features }) => {
    let part = -1;
    let chunk = chunks[0] as Float32Array | Float64Array;
    for (let index = start; index < end; index++) {
      const row = rows[index] as number;
      if (row >> shift !== part) {
        part = row >> shift;
        chunk = chunks[part] as Float32Array | Float64Array;
      }
      const value = chunk[row & mask] as number;
      const at = index * features + offset;
      const scaled = Math.fround((value - mean) / deviation);
      inputs[at] = scaled;
      if (Number.isFinite(scaled)) continue;
      if (!Number.isNaN(value)) refuseOverflow(value, prepared.name, table, row);
      if (fill === undefined) refuseMissing(prepared.name, table, row);
      inputs[at] = (fill - mean) / deviation;
      if (prepared.indicator) inputs[at + 1] = 1;
    }
  };
}

function encodeArray(prepared: PreparedNumbers, { values, width }: ArrayColumn, table: Table, offset: number): Encoder {
  const mean = Float64Array.from(prepared.mean);
  const deviation = Float64Array.from(prepared.deviation);
  const { fill } = prepared;
  return ({ rows, start, end, inputs, features }) => {
    for (let index = start; index < end; index++) {
      const from = (rows[index] as number) * width;
      const to = index * features + offset;
      for (let each = 0; each < width; each++) {
        const value = values[from + each] as number;
        inputs[to + each] = (value - (mean[each] as number)) / (deviation[each] as number);
        if (Number.isFinite(inputs[to + each])) continue;
        if (!Number.isNaN(value)) refuseOverflow(value, prepared.name, table, rows[index] as number);
        if (fill === undefined) refuseMissing(prepared.name, table, rows[index] as number);
        inputs[to + each] = ((fill[each] as number) - (mean[each] as number)) / (deviation[each] as number);
        if (prepared.indicator) inputs[to + width] = 1;
      }
    }
  };
}

function encodeBooleans(
  prepared: PreparedBoolean,
  column: NumberColumn | TextColumn,
  table: Table,
  offset: number,
): Encoder {
  const read = booleanReader(column, table);
  return ({ rows, start, end, inputs, features }) => {
    for (let index = start; index < end; index++) {
      const row = rows[index] as number;
      const value = read(row);
      if (value === undefined && !prepared.missing) refuseMissing(prepared.name, table, row);
      if (value === undefined) inputs[index * features + offset + 1] = 1;
      else inputs[index * features + offset] = value ? 1 : 0;
    }
  };
}

function booleanReader(column: NumberColumn | TextColumn, table: Table): (row: number) => boolean | undefined {
  const categories = categoryOf(column);
  return (row) => {
    const text = categories(row);
    if (text === undefined) return undefined;
    const value = booleanOf(text);
    if (value !== undefined) return value;
    throw contentError(
      { file: table.file, row: table.rowName(row), column: column.name },
      `expected true or false, found ${text}`,
    );
  };
}

function encodeCategories(
  prepared: PreparedCategories,
  column: NumberColumn | TextColumn,
  table: Table,
  offset: number,
): Encoder {
  const { categories, missing, name } = prepared;
  const unknown = categories.length;
  const place = new Map(categories.map((category, index) => [category, index]));
  const indexOf = column.kind === "texts" ? indexOfCode(column, place, unknown) : indexOfText(column, place, unknown);
  return ({ rows, start, end, inputs, features }) => {
    for (let index = start; index < end; index++) {
      const row = rows[index] as number;
      const found = indexOf(row);
      if (found < 0 && !missing) refuseMissing(name, table, row);
      inputs[index * features + offset + (found < 0 ? unknown + 1 : found)] = 1;
    }
  };
}

/** Returns the index of the category of a row; -1 if it is missing. */
function indexOfCode(
  { codes, texts }: TextColumn,
  place: ReadonlyMap<string, number>,
  unknown: number,
): (row: number) => number {
  const ofCode = Int32Array.from([-1, ...texts.map((text) => place.get(text) ?? unknown)]);
  return (row) => ofCode[valueAt(codes, row)] as number;
}

function indexOfText(
  column: NumberColumn,
  place: ReadonlyMap<string, number>,
  unknown: number,
): (row: number) => number {
  const categories = categoryOf(column);
  return (row) => {
    const text = categories(row);
    return text === undefined ? -1 : (place.get(text) ?? unknown);
  };
}

function refuseMissing(name: string, table: Table, row: number): never {
  const place = { file: table.file, row: table.rowName(row), column: name };
  throw contentError(place, "the value is missing, and the plan of the model has no rule for it");
}

function refuseOverflow(value: number, name: string, table: Table, row: number): never {
  const place = { file: table.file, row: table.rowName(row), column: name };
  const reason = Number.isFinite(value)
    ? "is beyond the range of float32; scale the column down"
    : "is not a finite number";
  throw contentError(place, `${value} ${reason}`);
}
