import type { Targets } from "@sintonia/training/dataset/examples";
import { booleanOf } from "../column/boolean-words.js";
import { contentError, shown } from "../error/data-error.js";
import { categoryOf, numbersOf } from "../preparation/fit.js";
import type { TableRows } from "../split/split-rows.js";
import { numberOf } from "../table/cell-words.js";
import { mapRows } from "../table/map-rows.js";
import type { ArrayColumn, Column, NumberColumn, Numbers, Table, TextColumn } from "../table/table.js";
import { valueAt } from "../table/table.js";

/** Classes that a network can tell apart here; more are most likely numbers to predict. */
const CLASSES_MAX = 10_000;

/** The classes of a classification. */
export interface Classes {
  readonly names: readonly string[];
  /** Class of each row of a table; -1 for a class that is not among the names. */
  readonly indexOf: (table: Table) => (row: number) => number;
}

/** Finds the classes of rows: numbers in numeric order, texts by their code units. */
export function classesOf(target: string, table: Table, rows: Uint32Array): Classes {
  const column = classColumn(target, table);
  const names = distinct(column, rows).sort(byNumberOrText);
  const place = { file: table.file, column: target };
  if (names.length === 1) {
    throw contentError(
      place,
      `every row has the class ${shown(names[0] as string)}; a classification needs two or more`,
    );
  }
  if (names.length > CLASSES_MAX) {
    throw contentError(place, `${names.length} classes, at most ${CLASSES_MAX}; is this a regression?`);
  }
  const index = new Map(names.map((name, each) => [name, each]));
  return { names, indexOf: (other) => readerOf(classColumn(target, other), index) };
}

function distinct(column: NumberColumn | TextColumn, rows: Uint32Array): string[] {
  const values = column.kind === "texts" ? column.codes : column.values;
  const found = new Set<number>();
  for (const row of rows) found.add(valueAt(values, row));
  return Array.from(found, (value) => (column.kind === "texts" ? (column.texts[value - 1] as string) : String(value)));
}

/**
 * Refuses a row whose class no training row has.
 *
 * @param rows - `name`: the name of the other rows' split
 */
export function refuseUnknownClasses(
  classes: Classes,
  target: string,
  { train, other, name }: { readonly train: TableRows; readonly other: TableRows; readonly name: string },
): void {
  const known = new Uint8Array(classes.names.length);
  const readTrain = classes.indexOf(train.table);
  for (const row of train.rows) known[readTrain(row)] = 1;
  const { table, rows } = other;
  const read = classes.indexOf(table);
  for (const row of rows) {
    if (known[read(row)] === 1) continue;
    const text = shown(String(categoryOf(classColumn(target, table))(row)));
    const place = { file: table.file, row: table.rowName(row), column: target };
    throw contentError(
      place,
      `the class ${text} is in the ${name} and in no training row; stratify, add rows of it, or leave its rows out`,
    );
  }
}

/** Returns the classes of rows for an engine. */
export function classTargets(classes: Classes, table: Table, rows: Uint32Array): Targets {
  const read = classes.indexOf(table);
  const count = classes.names.length;
  const labels = count <= 256 ? new Uint8Array(rows.length) : new Uint16Array(rows.length);
  mapRows(rows, read, labels);
  return { kind: "classes", labels, classes: count, names: classes.names };
}

/** Returns the numbers to predict of rows for an engine. */
export function valueTargets(names: readonly string[], table: Table, rows: Uint32Array): Targets {
  const columns = names.map((name) => numericTarget(table.columns.get(name) as Column, table));
  const width = columns.reduce((sum, column) => sum + (column.kind === "array" ? column.width : 1), 0);
  const values = new Float32Array(rows.length * width);
  let offset = 0;
  for (const column of columns) {
    if (column.kind === "array") {
      rows.forEach((row, at) => {
        for (let index = 0; index < column.width; index++) {
          values[at * width + offset + index] = column.values[row * column.width + index] as number;
        }
      });
      offset += column.width;
      continue;
    }
    rows.forEach((row, at) => {
      values[at * width + offset] = valueAt(column.values, row);
    });
    offset++;
  }
  refuseInfinite(values, width, names, table, rows);
  return { kind: "values", values, width };
}

/** Returns the names of the numbers of one row. */
export function valueNames(names: readonly string[], table: Table): string[] {
  return names.flatMap((name) => {
    const column = table.columns.get(name) as Column;
    if (column.kind !== "array") return [name];
    return Array.from({ length: column.width }, (_, index) => `${name}[${index}]`);
  });
}

function classColumn(name: string, table: Table): NumberColumn | TextColumn {
  const column = table.columns.get(name) as Column;
  const place = { file: table.file, column: name };
  if (column.kind === "array")
    throw contentError(place, "expected one class for each row, found an array of several values");
  if (column.kind === "numbers" && !column.dates) refuseFractions(column, table);
  return column;
}

function refuseFractions(column: NumberColumn, table: Table): void {
  const { whole, min, max } = column.summary;
  if (whole && min > -Infinity && max < Infinity) return;
  for (let row = 0; row < table.count; row++) {
    const value = valueAt(column.values, row);
    if (Number.isNaN(value) || Number.isInteger(value)) continue;
    const place = { file: table.file, row: table.rowName(row), column: column.name };
    throw contentError(place, `the class is the fraction ${value}; for numbers set task: regression`);
  }
}

function readerOf(column: NumberColumn | TextColumn, index: ReadonlyMap<string, number>): (row: number) => number {
  if (column.kind === "texts") {
    const ofCode = Int32Array.from([-1, ...column.texts.map((text) => index.get(text) ?? -1)]);
    return (row) => ofCode[valueAt(column.codes, row)] as number;
  }
  const classOf = numberReader([...index].map(([name, each]) => [Number(name), each]));
  return (row) => classOf(valueAt(column.values, row));
}

/** Returns a reader of the class of a number, -1 if it is none: by a list where that is short. */
function numberReader(classes: readonly (readonly [number, number])[]): (value: number) => number {
  const numbers = classes.map(([number]) => number);
  if (!numbers.every((number) => Number.isInteger(number) && number >= 0 && number < CLASSES_MAX)) {
    const ofNumber = new Map(classes);
    return (value) => ofNumber.get(value) ?? -1;
  }
  const list = new Int32Array(Math.max(...numbers) + 1).fill(-1);
  for (const [number, each] of classes) list[number] = each;
  return (value) => (value >= 0 && value < list.length ? (list[value] ?? -1) : -1);
}

function byNumberOrText(a: string, b: string): number {
  const [first, second] = [numberOf(a), numberOf(b)];
  if (first !== undefined && second !== undefined && first !== second) return first - second;
  return a < b ? -1 : 1;
}

function numericTarget(column: Column, table: Table): Numbers | ArrayColumn {
  if (column.kind === "texts") {
    const faulty = column.texts.findIndex((text) => numberOf(text) === undefined && booleanOf(text) === undefined);
    if (faulty >= 0) {
      const text = shown(column.texts[faulty] as string);
      let row = 0;
      while (valueAt(column.codes, row) !== faulty + 1) row++;
      const place = { file: table.file, row: table.rowName(row), column: column.name };
      throw contentError(place, `expected a number to predict, found ${text}; for classes set task: classification`);
    }
  }
  if (column.kind === "numbers" && column.dates) {
    throw contentError({ file: table.file, column: column.name }, "the target holds dates; write numbers");
  }
  return numbersOf(column);
}

function refuseInfinite(
  values: Float32Array,
  width: number,
  names: readonly string[],
  table: Table,
  rows: Uint32Array,
): void {
  const at = values.findIndex((value) => !Number.isFinite(value));
  if (at < 0) return;
  const place = { file: table.file, row: table.rowName(rows[Math.floor(at / width)] as number) };
  const column = valueNames(names, table)[at % width];
  throw contentError({ ...place, column }, "the target is not a finite number in the range of float32");
}
