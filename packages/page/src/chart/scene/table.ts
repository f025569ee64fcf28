/** A cell: a number, a text, or null for no value. */
export type Cell = number | string | null;

/** Figures in columns. */
export interface Table {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly Cell[])[];
}

/** Characters with which a spreadsheet begins a formula. */
const FORMULA = /^[=+\-@\t\r]/;

/**
 * Returns a table as CSV text by RFC 4180: lines end with CRLF, numbers have a decimal point and
 * all their digits. A text that a spreadsheet would compute as a formula gets an apostrophe.
 */
export function csvText({ columns, rows }: Table): string {
  return [columns, ...rows].map((row) => `${row.map(cellText).join(",")}\r\n`).join("");
}

function cellText(cell: Cell): string {
  if (cell === null) return "";
  if (typeof cell === "number") return String(cell);
  const safe = FORMULA.test(cell) ? `'${cell}` : cell;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
