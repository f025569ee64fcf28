import type { Mark, Paint, Shape } from "../scene/scene.js";
import { TEXT_SIZE, textWidth } from "./text-width.js";

/** A sign with its meaning. */
export interface LegendItem {
  readonly text: string;
  /** A symbol, a short line, or a small area. */
  readonly sign: ({ readonly shape: Shape } & Paint) | ({ readonly shape: "line" | "area" } & Paint);
}

/** Height of a row of a legend in pixels. */
export const LEGEND_ROW = 18;
const SIGN_WIDTH = 16;
const ITEM_GAP = 14;
const RADIUS = 4;

/** Placed signs, and the height that they take. */
export interface Legend {
  readonly marks: readonly Mark[];
  readonly height: number;
}

/** Returns the width of a legend in one row, in pixels. */
export function legendWidth(items: readonly LegendItem[]): number {
  return items.reduce((sum, item) => sum + itemWidth(item), 0);
}

/** Places the items of a legend in rows between two pixels, beginning at a top edge. */
export function legend(items: readonly LegendItem[], left: number, right: number, top: number): Legend {
  const marks: Mark[] = [];
  let [x, row] = [left, 0];
  for (const item of items) {
    if (x > left && x + itemWidth(item) - ITEM_GAP > right) [x, row] = [left, row + 1];
    marks.push(...itemMarks(item, x, top + row * LEGEND_ROW + LEGEND_ROW / 2));
    x += itemWidth(item);
  }
  return { marks, height: items.length === 0 ? 0 : (row + 1) * LEGEND_ROW };
}

function itemWidth({ text }: LegendItem): number {
  return SIGN_WIDTH + textWidth(text) + ITEM_GAP;
}

function itemMarks({ text, sign }: LegendItem, x: number, y: number): readonly Mark[] {
  return [
    signMark(sign, x, y),
    { kind: "text", x: x + SIGN_WIDTH, y, text, fill: "muted", baseline: "middle", size: TEXT_SIZE },
  ];
}

function signMark({ shape, ...paint }: LegendItem["sign"], x: number, y: number): Mark {
  if (shape === "line") return { kind: "line", points: [x, y, x + 12, y], ...paint };
  if (shape === "area") return { kind: "rect", x, y: y - RADIUS, width: 12, height: 2 * RADIUS, ...paint };
  return { kind: "symbol", shape, points: [x + 6, y], radius: RADIUS, ...paint };
}
