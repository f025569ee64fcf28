import { printable } from "../../system/printable.js";
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
  const cut = columns.flatMap(({ cutTo }, i) => (cutTo === undefined ? [] : [{ i, cutTo }]));
  for (const { i, cutTo } of cut) widths[i] = within(cutTo, natural[i], (natural[i] ?? 0) - excess());
  for (const i of leavingOrder(columns)) {
    if (excess() <= 0) break;
    widths[i] = 0;
  }
  // A column that was left out may make room for more of the texts that were cut.
  for (const { i } of cut) if (widths[i] !== 0) widths[i] = within(widths[i], natural[i], (widths[i] ?? 0) - excess());
  return { widths, leftOut: columns.flatMap(({ title }, i) => (widths[i] === 0 && natural[i] !== 0 ? [title] : [])) };
}

/** Returns `wanted`, raised to `least` and lowered to `most`, which wins. */
function within(least: number | undefined, most: number | undefined, wanted: number): number {
  return Math.min(most ?? 0, Math.max(least ?? 0, wanted));
}

/** Returns the indices of the columns that may be left out, in their order. */
function leavingOrder(columns: readonly Column[]): number[] {
  const places = columns.flatMap(({ leftOut }, i) => (leftOut === undefined ? [] : [{ i, leftOut }]));
  return places.sort((a, b) => a.leftOut - b.leftOut).map(({ i }) => i);
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
    if (used + gap.length >= columns) break;
    const text = truncated(textOf(cell), Math.min(width, columns - used - gap.length));
    const fill = i === lastText ? "" : padded(text, width).slice(text.length);
    line += gap + inked(cell, text, style) + fill;
    used += gap.length + Math.max(width, widthOf(text));
  }
  return line.trimEnd();
}

function inked(cell: Cell | undefined, text: string, style: Layout["style"]): string {
  return typeof cell === "object" && cell.ink !== undefined ? style(cell.ink, text) : text;
}

function textOf(cell: Cell | undefined): string {
  return printable(typeof cell === "object" ? cell.text : (cell ?? ""));
}
