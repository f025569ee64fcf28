// Pictures of several series as text: a character for each mark, sixteen rows high.

import { columnText } from "../../study/number-text.js";
import type { Layout } from "../format/layout.js";
import type { Ink } from "../format/style.js";
import { padded, truncated, widthOf } from "../format/text.js";

/** Rows of the plotted area. */
const ROWS = 16;
/** Width of a line where the layout has no limit. */
const COLUMNS_DEFAULT = 80;
/** Fewest columns of the plotted area. */
const CELLS_MIN = 10;

/** A point of a series. */
export interface Point {
  /** Place between the left end, 0, and the right end, 1. */
  readonly x: number;
  readonly y: number;
}

/** A range of values at a place. */
export interface Span {
  readonly x: number;
  readonly low: number;
  readonly high: number;
}

/**
 * A series and the sign that draws it. `points`: a sign at each point. `line`: straight lines from
 * point to point. `steps`: each value up to the place of the next. `band`: the area between the
 * ends of ranges. The places of all but `points` increase.
 */
export type Series = { readonly sign: string; readonly ink?: Ink | undefined } & (
  | { readonly kind: "points" | "line" | "steps"; readonly points: readonly Point[] }
  | { readonly kind: "band"; readonly spans: readonly Span[] }
);

/** A picture. */
export interface Picture {
  readonly title: string;
  /** Series, each of which covers those before it. */
  readonly series: readonly Series[];
  /** Text under the left and the right end. */
  readonly ends: readonly [left: string, right: string];
}

interface Cell {
  readonly sign: string;
  readonly ink?: Ink | undefined;
}

/** The plotted area: rows from the bottom, each with its cells. */
type Grid = (Cell | undefined)[][];

/** Returns a picture with its least and greatest value; no lines if there is no finite value. */
export function pictureLines({ title, series, ends }: Picture, layout: Layout): string[] {
  const values = series.flatMap(valuesOf).filter(Number.isFinite);
  if (values.length === 0) return [];
  const [low, high] = [values.reduce((a, b) => Math.min(a, b)), values.reduce((a, b) => Math.max(a, b))];
  const text = columnText(values);
  const labels = new Map([
    [ROWS - 1, text(high)],
    [0, text(low)],
  ]);
  const margin = Math.max(...[...labels.values()].map(widthOf));
  const columns = Number.isFinite(layout.columns) ? layout.columns : COLUMNS_DEFAULT;
  const cells = Math.max(CELLS_MIN, columns - margin - 2);
  const grid: Grid = Array.from({ length: ROWS }, () => new Array<Cell | undefined>(cells).fill(undefined));
  const rowAt = (value: number): number => rowOf(value, low, high);
  for (const one of series) draw(grid, one, rowAt);
  const rows = grid.map((row, i) => {
    const label = padded(labels.get(i) ?? "", margin, "right");
    return `${label} |${row.map((cell) => cellText(cell, layout)).join("")}`.trimEnd();
  });
  const indent = " ".repeat(margin);
  const axis = `${indent}  ${endsText(ends, cells)}`.trimEnd();
  const head = layout.style("bold", truncated(title, layout.columns));
  return [head, ...rows.reverse(), `${indent} +${"-".repeat(cells)}`, axis];
}

function valuesOf(series: Series): number[] {
  if (series.kind === "band") return series.spans.flatMap(({ low, high }) => [low, high]);
  return series.points.map(({ y }) => y);
}

function draw(grid: Grid, series: Series, rowAt: (value: number) => number): void {
  const { sign, ink } = series;
  const last = (grid[0]?.length ?? 1) - 1;
  const put = (column: number, value: number): void => {
    const row = grid[rowAt(value)];
    if (row !== undefined && Number.isFinite(value)) row[column] = { sign, ink };
  };
  const columns = Array.from({ length: last + 1 }, (_, column) => column);
  if (series.kind === "points") for (const { x, y } of series.points) put(Math.round(x * last), y);
  else if (series.kind === "band")
    for (const column of columns) fill(grid, { column, x: column / last, series, rowAt });
  else for (const column of columns) put(column, valueAt(series.points, column / last, series.kind));
}

interface Filling {
  readonly column: number;
  readonly x: number;
  readonly series: Extract<Series, { kind: "band" }>;
  readonly rowAt: (value: number) => number;
}

function fill(grid: Grid, { column, x, series: { spans, sign, ink }, rowAt }: Filling): void {
  const [low, high] = (["low", "high"] as const).map((end) =>
    valueAt(
      spans.map((span) => ({ x: span.x, y: span[end] })),
      x,
      "line",
    ),
  ) as [number, number];
  if (!Number.isFinite(low) || !Number.isFinite(high)) return;
  for (const row of grid.slice(rowAt(low), rowAt(high) + 1)) row[column] = { sign, ink };
}

/** Returns the value of a series at a place; NaN beyond its ends. */
function valueAt(points: readonly Point[], x: number, kind: "line" | "steps"): number {
  const next = points.findIndex((point) => point.x >= x);
  const [before, after] = [points[next < 0 ? points.length - 1 : next - 1], points[next]];
  if (after?.x === x) return after.y;
  if (kind === "steps") return before?.y ?? Number.NaN;
  if (before === undefined || after === undefined) return Number.NaN;
  const share = (x - before.x) / (after.x - before.x);
  return (1 - share) * before.y + share * after.y;
}

function rowOf(value: number, low: number, high: number): number {
  // Halves, because the difference of two numbers may overflow.
  return high > low ? Math.round(((value / 2 - low / 2) / (high / 2 - low / 2)) * (ROWS - 1)) : 0;
}

function cellText(cell: Cell | undefined, { style }: Layout): string {
  if (cell === undefined) return " ";
  return cell.ink === undefined ? cell.sign : style(cell.ink, cell.sign);
}

/** Returns the texts of both ends, each cut to half of the width. */
function endsText([left, right]: Picture["ends"], cells: number): string {
  const half = Math.max(1, Math.floor((cells - 1) / 2));
  const [first, last] = [truncated(left, half), truncated(right, half)];
  return `${first}${" ".repeat(Math.max(1, cells - widthOf(first) - widthOf(last)))}${last}`;
}
