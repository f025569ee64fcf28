import type { AreaMark, LineMark, Points, SymbolMark } from "../scene/scene.js";
import { outlineOf } from "./symbol.js";

/** The operations of a path; a CanvasRenderingContext2D has them. */
export interface Pen {
  moveTo(x: number, y: number): void;
  lineTo(x: number, y: number): void;
  closePath(): void;
  arc(x: number, y: number, radius: number, start: number, end: number): void;
}

/** A mark that is drawn as a path. */
export type PathMark = LineMark | AreaMark | SymbolMark;

/** Draws the path of a mark. */
export function tracePath(mark: PathMark, pen: Pen): void {
  if (mark.kind === "symbol") traceSymbols(mark, pen);
  else traceParts(mark.points, mark.kind === "area", pen);
}

/** Returns the path of a mark as the text of SVG's attribute d, with a tenth of a pixel. */
export function pathText(mark: PathMark): string {
  const commands: string[] = [];
  tracePath(mark, {
    moveTo: (x, y) => commands.push(`M${pixel(x)} ${pixel(y)}`),
    lineTo: (x, y) => commands.push(`L${pixel(x)} ${pixel(y)}`),
    closePath: () => commands.push("Z"),
    arc: (x, y, radius) => commands.push(circleText(x, y, radius)),
  });
  return commands.join("");
}

/** Returns a coordinate with at most one decimal. */
export function pixel(value: number): string {
  return String(Math.round(value * 10) / 10);
}

function traceParts(points: Points, isClosed: boolean, pen: Pen): void {
  let isOpen = false;
  for (let place = 0; place + 1 < points.length; place += 2) {
    const [x, y] = [points[place] as number, points[place + 1] as number];
    const isGap = Number.isNaN(x) || Number.isNaN(y);
    if (isGap) {
      if (isOpen && isClosed) pen.closePath();
    } else if (isOpen) pen.lineTo(x, y);
    else pen.moveTo(x, y);
    isOpen = !isGap;
  }
  if (isOpen && isClosed) pen.closePath();
}

function traceSymbols({ points, shape, radius }: SymbolMark, pen: Pen): void {
  const outline = outlineOf(shape);
  for (let place = 0; place + 1 < points.length; place += 2) {
    const [x, y] = [points[place] as number, points[place + 1] as number];
    if (Number.isNaN(x) || Number.isNaN(y)) continue;
    if (outline === undefined) {
      pen.moveTo(x + radius, y);
      pen.arc(x, y, radius, 0, 2 * Math.PI);
    } else {
      const placed = outline.points.map((part, index) => part * radius + (index % 2 === 0 ? x : y));
      traceParts(placed, outline.isClosed, pen);
    }
  }
}

/** Returns the two half circles that follow a move to the right end of the circle. */
function circleText(x: number, y: number, radius: number): string {
  const arc = `A${pixel(radius)} ${pixel(radius)} 0 1 1`;
  return `${arc} ${pixel(x - radius)} ${pixel(y)}${arc} ${pixel(x + radius)} ${pixel(y)}`;
}
