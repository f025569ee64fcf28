import type { Role } from "./role.js";
import type { Table } from "./table.js";

/** Width and height in pixels. */
export interface Size {
  readonly width: number;
  readonly height: number;
}

/** A rectangle in pixels, from its upper left corner. */
export interface Box extends Size {
  readonly x: number;
  readonly y: number;
}

/** Pairs x0, y0, x1, y1, ... in pixels. A pair with NaN ends a part; the next pair begins one. */
export type Points = ArrayLike<number>;

/** Colours and line of a mark. A role that is absent is not painted. */
export interface Paint {
  readonly fill?: Role;
  readonly stroke?: Role;
  /** Width of the stroke in pixels. @default 1 */
  readonly lineWidth?: number;
  /** In [0, 1]. @default 1 */
  readonly opacity?: number;
  /** Lengths of strokes and gaps in pixels. */
  readonly dash?: readonly number[];
}

/** Lines through points, each part for itself. */
export interface LineMark extends Paint {
  readonly kind: "line";
  readonly points: Points;
}

/** Closed outlines. A part inside another one is a hole. */
export interface AreaMark extends Paint {
  readonly kind: "area";
  readonly points: Points;
}

/** A rectangle. */
export interface RectMark extends Paint, Box {
  readonly kind: "rect";
  /** Radius of its corners in pixels. @default 0 */
  readonly radius?: number;
}

/** Form of a symbol. A state has a form of its own, so that colour is never its only sign. */
export type Shape = "circle" | "square" | "diamond" | "triangle" | "cross" | "plus" | "star" | "caret";

/** Symbols of one form, centred on points. */
export interface SymbolMark extends Paint {
  readonly kind: "symbol";
  readonly points: Points;
  readonly shape: Shape;
  /** Radius of a circle of the same weight, in pixels. */
  readonly radius: number;
}

/** One line of text. */
export interface TextMark {
  readonly kind: "text";
  readonly x: number;
  readonly y: number;
  readonly text: string;
  readonly fill: Role;
  /** @default "start" */
  readonly anchor?: "start" | "middle" | "end";
  /** Side of the text at `y`. @default "alphabetic" */
  readonly baseline?: "alphabetic" | "middle" | "hanging";
  /** Height in pixels. @default 11 */
  readonly size?: number;
  readonly bold?: boolean;
  /** True for an outline in the background's colour, which keeps the text readable on marks. */
  readonly halo?: boolean;
}

/** A mark of a scene. */
export type Mark = LineMark | AreaMark | RectMark | SymbolMark | TextMark;

/** A figure that a reader points at. */
export interface Target {
  /** Names what a selection selects: the id of a trial, or the name of a parameter. */
  readonly key: string;
  /** Lines of the tooltip. The first one is its title. */
  readonly lines: readonly string[];
  /** Marks that emphasise the figure, drawn above the scene. */
  readonly marks: readonly Mark[];
}

/** All figures that a reader can point at, in the order of the keys. */
export interface Targets {
  /** Four numbers a figure: left, top, right and bottom in pixels. A point has no extent. */
  readonly boxes: ArrayLike<number>;
  /** Returns the key of the figure at an index below `boxes.length / 4`. */
  keyAt(index: number): string;
  /** Returns that figure. */
  at(index: number): Target;
}

/** A chart as plain data: what to draw, what to point at, and the figures as a table. */
export interface Scene {
  readonly size: Size;
  /** Name of the chart, in a few words. */
  readonly title: string;
  /** The message of the chart in one or two sentences, for readers who do not see it. */
  readonly description: string;
  /** The area inside the axes. */
  readonly plot: Box;
  /** Marks from back to front. */
  readonly marks: readonly Mark[];
  readonly targets: Targets;
  /** Returns the figures of the chart. Computed on demand, because learning curves are long. */
  table(): Table;
}

/** The targets of a scene without any. */
export const NO_TARGETS: Targets = targetsOf([]);

/** Returns the targets of figures that are known one by one. */
export function targetsOf(figures: readonly { readonly box: Box; readonly target: Target }[]): Targets {
  const boxes = new Float64Array(figures.length * 4);
  figures.forEach(({ box }, index) => {
    boxes.set([box.x, box.y, box.x + box.width, box.y + box.height], index * 4);
  });
  const at = (index: number): Target => {
    const figure = figures[index];
    if (figure === undefined) throw new RangeError(`the scene has no target ${index}`);
    return figure.target;
  };
  return { boxes, at, keyAt: (index) => at(index).key };
}

/** Returns the box of a point. */
export function boxAt(x: number, y: number): Box {
  return { x, y, width: 0, height: 0 };
}
