// Rows of a table: filtered, sorted and cut into pages.

/** Value by which rows are compared; undefined comes last in either direction. */
export type SortValue = number | string | undefined;

/** Order of rows. */
export interface Order {
  /** Name of a column. */
  readonly column: string;
  readonly descending: boolean;
}

/** Returns the rows whose text contains every word of the filter, in any case. */
export function filtered<Row>(rows: readonly Row[], filter: string, text: (row: Row) => string): readonly Row[] {
  const words = filter.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return rows;
  return rows.filter((row) => {
    const whole = text(row).toLowerCase();
    return words.every((word) => whole.includes(word));
  });
}

/** Returns the rows in order. Rows with equal values keep their order. */
export function sorted<Row>(rows: readonly Row[], value: (row: Row) => SortValue, descending: boolean): readonly Row[] {
  const keyed = rows.map((row) => ({ row, key: value(row) }));
  keyed.sort((a, b) => compare(a.key, b.key, descending));
  return keyed.map(({ row }) => row);
}

/** Returns the rows of a page, and the number of pages, at least 1. */
export function pageOf<Row>(
  rows: readonly Row[],
  page: number,
  size: number,
): { readonly rows: readonly Row[]; readonly page: number; readonly pages: number } {
  const pages = Math.max(1, Math.ceil(rows.length / size));
  const shown = Math.min(Math.max(1, page), pages);
  return { rows: rows.slice((shown - 1) * size, shown * size), page: shown, pages };
}

/** Reads an order such as "-objective"; undefined if the text names none of the columns. */
export function orderOf(text: string | null, columns: readonly string[]): Order | undefined {
  const descending = text?.startsWith("-") ?? false;
  const column = descending ? text?.slice(1) : text;
  return column && columns.includes(column) ? { column, descending } : undefined;
}

/** Returns the text that `orderOf` reads. */
export function orderText({ column, descending }: Order): string {
  return `${descending ? "-" : ""}${column}`;
}

const COLLATOR = new Intl.Collator(undefined, { numeric: true });

function compare(a: SortValue, b: SortValue, descending: boolean): number {
  if (a === undefined || b === undefined) return a === b ? 0 : a === undefined ? 1 : -1;
  const order = typeof a === "number" && typeof b === "number" ? a - b : COLLATOR.compare(String(a), String(b));
  return descending ? -order : order;
}
