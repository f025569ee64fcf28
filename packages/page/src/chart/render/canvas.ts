import type { Mark, Paint, RectMark, TextMark } from "../scene/scene.js";
import { type PathMark, type Pen, tracePath } from "./path.js";
import type { Colours } from "./svg-node.js";
import { FONT_FAMILY } from "./svg-text.js";

/** The part of a CanvasRenderingContext2D that a scene needs. */
export interface Surface extends Pen {
  fillStyle: unknown;
  strokeStyle: unknown;
  lineWidth: number;
  lineJoin: string;
  globalAlpha: number;
  font: string;
  textAlign: string;
  textBaseline: string;
  beginPath(): void;
  fill(rule?: "evenodd" | "nonzero"): void;
  stroke(): void;
  setLineDash(lengths: number[]): void;
  rect(x: number, y: number, width: number, height: number): void;
  fillText(text: string, x: number, y: number): void;
  strokeText(text: string, x: number, y: number): void;
}

const ALIGN = { start: "left", middle: "center", end: "right" } as const;
const DEFAULT_SIZE = 11;
const HALO_WIDTH = 3;

/** Draws marks on a canvas whose unit is a pixel of the scene. */
export function drawMarks(marks: readonly Mark[], surface: Surface, colours: Colours): void {
  surface.lineJoin = "round";
  for (const mark of marks) drawMark(mark, surface, colours);
  surface.globalAlpha = 1;
}

/**
 * Splits marks into parts that are drawn one after the other, in the order of the marks.
 *
 * @param points - a part ends with the mark that reaches this number of points
 */
export function partsOf(marks: readonly Mark[], points: number): readonly (readonly Mark[])[] {
  const parts: Mark[][] = [];
  let room = 0;
  for (const mark of marks) {
    if (room <= 0) {
      parts.push([]);
      room = points;
    }
    parts.at(-1)?.push(mark);
    room -= "points" in mark ? mark.points.length / 2 : 1;
  }
  return parts;
}

function drawMark(mark: Mark, surface: Surface, colours: Colours): void {
  if (mark.kind === "text") drawText(mark, surface, colours);
  else if (mark.kind === "line") drawLines(mark, surface, colours);
  else drawShape(mark, surface, colours);
}

function drawShape(mark: RectMark | PathMark, surface: Surface, colours: Colours): void {
  const { fill, stroke } = mark;
  setPaint(mark, surface, colours);
  surface.beginPath();
  if (mark.kind === "rect") surface.rect(mark.x, mark.y, mark.width, mark.height);
  else tracePath(mark, surface);
  if (fill !== undefined) surface.fill(mark.kind === "area" ? "evenodd" : "nonzero");
  if (stroke !== undefined) surface.stroke();
}

/** Strokes each part for itself: one long path of crossing lines takes browsers far longer. */
function drawLines(mark: PathMark, surface: Surface, colours: Colours): void {
  setPaint(mark, surface, colours);
  let isBegun = false;
  const pen: Pen = {
    moveTo: (x, y) => {
      if (isBegun) surface.stroke();
      surface.beginPath();
      surface.moveTo(x, y);
      isBegun = true;
    },
    lineTo: (x, y) => surface.lineTo(x, y),
    closePath: () => surface.closePath(),
    arc: (x, y, radius, start, end) => surface.arc(x, y, radius, start, end),
  };
  tracePath(mark, pen);
  if (isBegun) surface.stroke();
}

function setPaint(
  { fill, stroke, lineWidth = 1, opacity = 1, dash = [] }: Paint,
  surface: Surface,
  colours: Colours,
): void {
  if (fill !== undefined) surface.fillStyle = colours(fill);
  if (stroke !== undefined) surface.strokeStyle = colours(stroke);
  surface.lineWidth = lineWidth;
  surface.globalAlpha = opacity;
  surface.setLineDash([...dash]);
}

function drawText(mark: TextMark, surface: Surface, colours: Colours): void {
  const { x, y, text, fill, anchor = "start", baseline = "alphabetic", size = DEFAULT_SIZE, bold, halo } = mark;
  setPaint({ fill, stroke: "surface", lineWidth: HALO_WIDTH }, surface, colours);
  surface.font = `${bold ? "600 " : ""}${size}px ${FONT_FAMILY}`;
  surface.textAlign = ALIGN[anchor];
  surface.textBaseline = baseline;
  if (halo) surface.strokeText(text, x, y);
  surface.fillText(text, x, y);
}
