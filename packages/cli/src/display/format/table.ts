import { type Layout, PLAIN_LAYOUT } from "./layout.js";
import type { Ink } from "./style.js";
import { padded, truncated, widthOf, wrapped } from "./text.js";

/** A column of a table. */
export interface Column {
  readonly title: string;
  /**
   * Place in the order in which columns are left out where the table is too wide, from 1. A column
   * without a place is always shown.
   */
  readonly leftOut?: number;
  /** Least width to which texts are cut before any column is left out. @default no text is cut */
  readonly cutTo?: number;
}

/** A cell with its look; a text alone has none. */
export type Cell = string | { readonly text: string; readonly ink?: Ink | undefined };

/** Blanks between two columns. */
const GAP = "  ";

/**
 * Returns a table as lines without trailing blanks, each column padded to its widest cell. Where
 * the table is too wide for the layout, texts are cut first, then columns are left out in their
 * order; a last line names the columns that are left out.
 */
export function tableLines(
  header: readonly (string | Column)[],
  rows: readonly (readonly Cell[])[],
  layout: Layout = PLAIN_LAYOUT,
): string[] {
  const columns = header.map((column) => (typeof column === "string" ? { title: column } : column));
  const natural = columns.map(({ title }, i) =>
    rows.reduce((w, row) => Math.max(w, widthOf(textOf(row[i]))), widthOf(title)),
  );
  const { widths, leftOut } = fitted(columns, natural, layout.columns);
  const titles = columns.map(({ title }): Cell => ({ text: title, ink: "bold" }));
  const lines = [titles, ...rows].map((row) => rowLine(row, widths, layout));
  if (leftOut.length === 0) return lines;
  return [...lines, ...wrapped(`Left out at this width: ${leftOut.join(", ")}`, layout.columns, GAP)];
}

/** Returns the width of each column, 0 for one that is left out. */
function fitted(
  columns: readonly Column[],
  natural: readonly number[],
  room: number,
): { readonly widths: number[]; readonly leftOut: string[] } {
  const widths = [...natural];
  const excess = () => totalOf(widths) - room;
  for (const [i, { cutTo }] of columns.entries())
    if (cutTo !== undefined && excess() > 0)
      widths[i] = Math.min(widths[i] as number, Math.max(cutTo, (widths[i] as number) - excess()));
  const order = columns.flatMap(({ leftOut }, i) => (leftOut === undefined ? [] : [{ i, leftOut }]));
  order.sort((a, b) => a.leftOut - b.leftOut);
  const dropped = new Set<number>();
  for (const { i } of order) {
    if (excess() <= 0) break;
    widths[i] = 0;
    dropped.add(i);
  }
  return { widths, leftOut: columns.flatMap(({ title }, i) => (dropped.has(i) ? [title] : [])) };
}

function totalOf(widths: readonly number[]): number {
  const shown = widths.filter((width) => width > 0);
  return shown.reduce((sum, width) => sum + width + GAP.length, -GAP.length);
}

function rowLine(row: readonly Cell[], widths: readonly number[], { columns, style }: Layout): string {
  const shown = widths.flatMap((width, i) => (width > 0 ? [{ cell: row[i], width }] : []));
  const lastText = shown.findLastIndex(({ cell }) => textOf(cell) !== "");
  let [line, used] = ["", 0];
  for (const [i, { cell, width }] of shown.slice(0, lastText + 1).entries()) {
    const gap = i === 0 ? "" : GAP;
    const text = truncated(textOf(cell), Math.min(width, columns - used - gap.length));
    const fill = i === lastText ? "" : padded(text, width).slice(text.length);
    line += gap + inked(cell, text, style) + fill;
    used += gap.length + Math.max(width, widthOf(text));
  }
  return line;
}

function inked(cell: Cell | undefined, text: string, style: Layout["style"]): string {
  return typeof cell === "object" && cell.ink !== undefined ? style(cell.ink, text) : text;
}

function textOf(cell: Cell | undefined): string {
  return typeof cell === "object" ? cell.text : (cell ?? "");
}
