import type { ColumnType } from "@sintonia/tuning/plan/data-set/file-data-set";
import { contentError, shown } from "../error/data-error.js";
import { numberOf } from "../table/cell-words.js";
import { type Column, type NumberColumn, type Table, type TextColumn, valueAt } from "../table/table.js";
import { booleanOf } from "./boolean-words.js";
import { looksLikeDate } from "./dates.js";

/** One-hot features of one column. More are hardly categories; they would fill the memory. */
export const CATEGORIES_MAX = 1_000;
/** A column of texts with a larger share of numbers is one of numbers with faults. */
const NUMBER_SHARE_MAX = 0.95;

/**
 * Returns the type of an input column.
 *
 * @param declared - the type in the plan, if it has one
 * @throws {DataError} if the values have another type than the declared one, or none that a network
 *   can read
 */
export function typeOfColumn(column: Column, table: Table, declared: ColumnType | undefined): ColumnType {
  const place = { file: table.file, column: column.name };
  if (column.kind === "array") {
    if (declared === undefined || declared === "numeric") return "numeric";
    throw contentError(place, `an array is numeric, not ${declared}`);
  }
  refuseEmpty(column, table);
  return column.kind === "numbers" ? typeOfNumbers(column, table, declared) : typeOfTexts(column, table, declared);
}

function typeOfNumbers(column: NumberColumn, table: Table, declared: ColumnType | undefined): ColumnType {
  if (column.dates) refuseDates(column, table, undefined);
  if (declared === "boolean") {
    const row = rowWhere(column, table, (value) => value !== 0 && value !== 1 && !Number.isNaN(value));
    if (row >= 0) refuseValue(column, table, row, "true, false, 1 or 0");
  }
  if (declared === "boolean" || declared === "categorical") return declared;
  if (column.summary.max === Infinity || column.summary.min === -Infinity) {
    const row = rowWhere(column, table, (value) => value === Infinity || value === -Infinity);
    refuseValue(column, table, row, "a finite number");
  }
  return "numeric";
}

function typeOfTexts(column: TextColumn, table: Table, declared: ColumnType | undefined): ColumnType {
  const { texts } = column;
  if (declared === "numeric") {
    const faulty = texts.findIndex((text) => numberOf(text) === undefined);
    if (faulty >= 0) refuseText(column, table, faulty, "a number");
    return "numeric";
  }
  if (texts.every((text) => booleanOf(text) !== undefined)) return declared ?? "boolean";
  if (declared === "boolean") {
    const faulty = texts.findIndex((text) => booleanOf(text) === undefined);
    refuseText(column, table, faulty, "true or false");
  }
  if (declared === undefined) refuseOtherKinds(column, table);
  if (texts.length > CATEGORIES_MAX) refuseCategories(column, table);
  return "categorical";
}

/** Refuses texts that are not categories: dates, numbers with faults, decimal commas. */
function refuseOtherKinds(column: TextColumn, table: Table): void {
  const { texts } = column;
  if (texts.every(looksLikeDate)) refuseDates(column, table, texts[0]);
  const place = { file: table.file, column: column.name };
  if (texts.every((text) => /^[+-]?\d+(,\d+)?$/.test(text)) && texts.some((text) => text.includes(","))) {
    const example = shown(texts.find((text) => text.includes(",")) as string);
    throw contentError(place, `numbers with a decimal comma (${example}); write them with a point`);
  }
  const numbers = numberShare(column, table);
  const faulty = texts.findIndex((text) => numberOf(text) === undefined);
  if (numbers <= NUMBER_SHARE_MAX || faulty < 0) return;
  const row = table.rowName(firstRow(column, table, faulty));
  const advice = `correct it, leave it empty for a missing value, or set columns: { ${column.name}: categorical }`;
  throw contentError({ ...place, row }, `${shown(texts[faulty] as string)} among numbers; ${advice}`);
}

/** Returns the share of numbers among the values that are there. */
function numberShare({ codes, texts }: TextColumn, { count }: Table): number {
  const isNumber = texts.map((text) => numberOf(text) !== undefined);
  if (!isNumber.includes(true)) return 0;
  let [numbers, values] = [0, 0];
  for (let row = 0; row < count; row++) {
    const code = valueAt(codes, row);
    if (code === 0) continue;
    values++;
    if (isNumber[code - 1]) numbers++;
  }
  return numbers / values;
}

function refuseCategories(column: TextColumn, table: Table): never {
  const advice = `ignore: [${column.name}], or group them into at most ${CATEGORIES_MAX}`;
  const message = `${column.texts.length} different texts, such as ${shown(column.texts[0] as string)}; ${advice}`;
  throw contentError({ file: table.file, column: column.name }, message);
}

function refuseDates({ name }: Column, table: Table, example: string | undefined): never {
  const found = example === undefined ? "dates" : `dates or times, such as ${shown(example)}`;
  const ways = `ignore: [${name}], or write numbers, for example days since the first`;
  const message = `the column holds ${found}, which are no input; ${ways}; split: { time: ${name} } divides by them`;
  throw contentError({ file: table.file, column: name }, message);
}

function refuseEmpty(column: NumberColumn | TextColumn, table: Table): void {
  const empty = column.kind === "texts" ? column.texts.length === 0 : column.summary.missing === table.count;
  if (!empty) return;
  throw contentError({ file: table.file, column: column.name }, `the column has no values; ignore: [${column.name}]`);
}

function refuseText(column: TextColumn, table: Table, index: number, expected: string): never {
  const row = table.rowName(firstRow(column, table, index));
  const text = shown(column.texts[index] as string);
  throw contentError({ file: table.file, row, column: column.name }, `expected ${expected}, found ${text}`);
}

function refuseValue(column: NumberColumn, table: Table, row: number, expected: string): never {
  const place = { file: table.file, row: table.rowName(row), column: column.name };
  throw contentError(place, `expected ${expected}, found ${valueAt(column.values, row)}`);
}

/** Returns the first row whose value satisfies a predicate, or -1. */
function rowWhere({ values }: NumberColumn, { count }: Table, predicate: (value: number) => boolean): number {
  for (let row = 0; row < count; row++) if (predicate(valueAt(values, row))) return row;
  return -1;
}

function firstRow({ codes }: TextColumn, { count }: Table, index: number): number {
  for (let row = 0; row < count; row++) if (valueAt(codes, row) === index + 1) return row;
  return 0;
}
