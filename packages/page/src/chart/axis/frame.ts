import type { Box, Mark, Size } from "../scene/scene.js";
import { type Axis, type AxisMaker, withoutOverlaps } from "./axis.js";
import { LEGEND_ROW, type LegendItem, legend, legendWidth } from "./legend.js";
import { fitted, TEXT_SIZE, textWidth } from "./text-width.js";

/** Parts of a frame. */
export interface FrameParts<X, Y> {
  readonly size: Size;
  readonly x: AxisMaker<X>;
  readonly y: AxisMaker<Y>;
  readonly legend?: readonly LegendItem[];
  /** Room at the right end of the first row in pixels, for other marks. @default 0 */
  readonly reserved?: number;
  /** Room to the right of the plot in pixels, for labels. @default 12 */
  readonly right?: number;
}

/** Axes, legend and grid of a chart, with the area that remains for its marks. */
export interface Frame<X, Y> {
  readonly plot: Box;
  readonly x: Axis<X>;
  readonly y: Axis<Y>;
  /** Marks that come before those of the figures. */
  readonly marks: readonly Mark[];
}

const RIGHT = 12;
/** Room for the labels of the x axis: its ticks, then its name. */
const BOTTOM = 38;
const TICK_GAP = 6;
const LEFT_MIN = 28;
/** Largest share of the width that the labels of the y axis take. */
const LEFT_SHARE_MAX = 0.4;

/**
 * Places axes around a plot. The label of the y axis stands above it, so that nobody has to turn
 * the head. The legend stands beside that label, or below it where the chart is narrow.
 */
export function frame<X, Y>(parts: FrameParts<X, Y>): Frame<X, Y> {
  const { size, x: makeX, y: makeY, right = RIGHT } = parts;
  const label = makeY(1, 0).label;
  const header = headerOf(label, parts.legend ?? [], size.width - (parts.reserved ?? 0));
  const [top, bottom] = [header.height + TICK_GAP, size.height - BOTTOM];
  const y = makeY(bottom, top);
  const left = Math.min(size.width * LEFT_SHARE_MAX, leftRoom(y));
  const x = makeX(left, size.width - right);
  const plot = { x: left, y: top, width: size.width - right - left, height: bottom - top };
  return { plot, x, y, marks: [...header.marks, ...gridMarks(plot, y), ...xMarks(plot, x), ...yMarks(plot, y)] };
}

/** Returns the marks of a frame without its grid, which disturbs bars and filled areas. */
export function withoutGrid(marks: readonly Mark[]): readonly Mark[] {
  return marks.filter((mark) => !(mark.kind === "line" && mark.stroke === "grid"));
}

function leftRoom<Y>({ ticks }: Axis<Y>): number {
  return Math.max(LEFT_MIN, ...ticks.map(({ text }) => textWidth(text) + TICK_GAP + 4));
}

function headerOf(
  label: string,
  items: readonly LegendItem[],
  width: number,
): { marks: readonly Mark[]; height: number } {
  const text = fitted(label, width);
  const row = label === "" ? 0 : LEGEND_ROW;
  const name: Mark = { kind: "text", x: 0, y: LEGEND_ROW / 2, text, fill: "ink", baseline: "middle", size: TEXT_SIZE };
  const names = label === "" ? [] : [name];
  const isBeside = textWidth(text) + 24 + legendWidth(items) <= width;
  const placed = isBeside ? legend(items, width - legendWidth(items), width, 0) : legend(items, 0, width, row);
  const height = isBeside ? Math.max(row, placed.height) : row + placed.height;
  return { marks: [...names, ...placed.marks], height };
}

function gridMarks<Y>(plot: Box, y: Axis<Y>): readonly Mark[] {
  const points = y.ticks.flatMap(({ position }) => [
    plot.x,
    position,
    plot.x + plot.width,
    position,
    Number.NaN,
    Number.NaN,
  ]);
  return [{ kind: "line", points, stroke: "grid" }];
}

function xMarks<X>(plot: Box, x: Axis<X>): readonly Mark[] {
  const bottom = plot.y + plot.height;
  const ends = [plot.x, plot.x + plot.width] as const;
  const labels = withoutOverlaps(x.ticks).filter(({ text }) => text !== "");
  const dashes = labels.flatMap(({ position }) => [position, bottom, position, bottom + 4, Number.NaN, Number.NaN]);
  return [
    { kind: "line", points: [ends[0], bottom, ends[1], bottom], stroke: "axis" },
    { kind: "line", points: dashes, stroke: "axis" },
    ...labels.map(({ position, text }): Mark => {
      const half = textWidth(text) / 2;
      // A label at the right end moves to the left until it is inside the chart.
      const at = Math.min(position, plot.x + plot.width + RIGHT - half);
      return { kind: "text", x: at, y: bottom + 7, text, fill: "muted", anchor: "middle", baseline: "hanging" };
    }),
    { kind: "text", x: ends[1], y: bottom + 22, text: x.label, fill: "ink", anchor: "end", baseline: "hanging" },
  ];
}

function yMarks<Y>(plot: Box, y: Axis<Y>): readonly Mark[] {
  return y.ticks
    .filter(({ text }) => text !== "")
    .map(({ position, text }): Mark => {
      const room = plot.x - TICK_GAP;
      const fit = fitted(text, room);
      return { kind: "text", x: room, y: position, text: fit, fill: "muted", anchor: "end", baseline: "middle" };
    });
}
