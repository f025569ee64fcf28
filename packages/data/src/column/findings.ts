import { type Column, type NumberColumn, type Table, valueAt } from "../table/table.js";

/** Rows from which on a column that differs in every row is pointed out. */
const UNIQUE_ROWS_MIN = 20;

/** Returns remarks about input columns for a person: constant ones, and those that are unique. */
export function columnFindings(table: Table, inputs: readonly string[]): string[] {
  return inputs.flatMap((name) => {
    const column = table.columns.get(name) as Column;
    const advice = `ignore: [${name}]`;
    if (isConstant(column, table.count))
      return [`${table.file}: column ${name} has the same value in every row; ${advice}`];
    if (isUnique(column, table.count)) {
      return [`${table.file}: column ${name} has another value in every row, as an identifier has; ${advice}`];
    }
    return [];
  });
}

function isConstant(column: Column, count: number): boolean {
  if (column.kind === "array" || count < 2) return false;
  const values = column.kind === "numbers" ? column.values : column.codes;
  const first = valueAt(values, 0);
  for (let row = 1; row < count; row++) if (!Object.is(valueAt(values, row), first)) return false;
  return true;
}

/** Fractions are exempt: measurements differ in every row without being names. */
function isUnique(column: Column, count: number): boolean {
  if (column.kind === "array" || count < UNIQUE_ROWS_MIN) return false;
  if (column.kind === "texts") return column.texts.length === count;
  return isUniqueWhole(column, count);
}

function isUniqueWhole({ values, summary }: NumberColumn, count: number): boolean {
  const { whole, missing, min, max } = summary;
  // Fewer whole numbers than rows: two rows have the same.
  if (!whole || missing > 0 || max - min + 1 < count) return false;
  const seen = new Set<number>();
  for (let row = 0; row < count; row++) {
    const value = valueAt(values, row);
    if (!Number.isInteger(value) || seen.has(value)) return false;
    seen.add(value);
  }
  return true;
}
