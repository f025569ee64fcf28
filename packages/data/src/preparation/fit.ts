import type { ColumnType, FileDataSet } from "@sintonia/tuning/plan/data-set/file-data-set";
import { booleanOf } from "../column/boolean-words.js";
import { CATEGORIES_MAX } from "../column/column-type.js";
import { contentError } from "../error/data-error.js";
import { numberOf } from "../table/cell-words.js";
import type { ArrayColumn, Column, NumberColumn, Numbers, Table, TextColumn } from "../table/table.js";
import { valueAt } from "../table/table.js";
import { checkMoments, medianOf, momentsOf } from "./moments.js";
import type { PreparedColumn, PreparedNumbers } from "./preparation.js";

/** The parts of a plan that a fit depends on. */
type FitOptions = Pick<FileDataSet, "missing" | "standardize">;

/** Fits the preparation of a column to the training rows. */
export function fitColumn(
  column: Column,
  type: ColumnType,
  table: Table,
  train: Uint32Array,
  options: FitOptions,
): PreparedColumn {
  const { name } = column;
  const missing = options.missing !== undefined && options.missing !== "drop-row";
  switch (type) {
    case "numeric":
      return fitNumbers(numbersOf(column), table, train, options);
    case "boolean":
      return { type, name, missing };
    case "categorical":
      return { type, name, categories: categoriesOf(column, table, train), missing };
  }
}

/** Returns a column of numbers for one of texts that are numbers or booleans. */
export function numbersOf(column: Column): Numbers | ArrayColumn {
  if (column.kind !== "texts") return column;
  const values = column.texts.map((text) => numberOf(text) ?? Number(booleanOf(text)));
  const { chunks, shift } = column.codes;
  const numbers = chunks.map((codes) => Float64Array.from(codes, (code) => values[code - 1] ?? Number.NaN));
  return { kind: "numbers", name: column.name, values: { chunks: numbers, shift } };
}

/** Returns a reader of the text of each row as a category; undefined if it is missing. */
export function categoryOf(column: TextColumn | NumberColumn): (row: number) => string | undefined {
  if (column.kind === "texts") {
    const { codes, texts } = column;
    return (row) => texts[valueAt(codes, row) - 1];
  }
  return (row) => {
    const value = valueAt(column.values, row);
    return Number.isNaN(value) ? undefined : String(value);
  };
}

function fitNumbers(
  column: Numbers | ArrayColumn,
  table: Table,
  train: Uint32Array,
  options: FitOptions,
): PreparedNumbers {
  const { name } = column;
  const width = column.kind === "array" ? column.width : 1;
  const { standardize = true, missing } = options;
  const fills = missing !== undefined && missing !== "drop-row";
  const moments = standardize || fills ? momentsOf(column, train) : [];
  for (const each of moments) checkMoments(each, name, table);
  const fill = moments.map(({ mean }, index) => (missing === "median" ? medianOf(column, index, train) : mean));
  return {
    type: "numeric",
    name,
    width,
    mean: standardize ? moments.map(({ mean }) => mean) : Array.from({ length: width }, () => 0),
    deviation: standardize
      ? moments.map(({ deviation }) => (deviation > 0 ? deviation : 1))
      : Array.from({ length: width }, () => 1),
    ...(fills ? { fill } : {}),
    indicator: missing === "category",
  };
}

function categoriesOf(column: Column, table: Table, train: Uint32Array): string[] {
  const read = categoryOf(column as TextColumn | NumberColumn);
  const categories = new Set<string>();
  for (const row of train) {
    const category = read(row);
    if (category !== undefined) categories.add(category);
  }
  if (categories.size > CATEGORIES_MAX) {
    const found = `${categories.size} categories, at most ${CATEGORIES_MAX} are one-hot`;
    throw contentError({ file: table.file, column: column.name }, `${found}; ignore: [${column.name}]`);
  }
  return [...categories].sort((a, b) => (a < b ? -1 : 1));
}
