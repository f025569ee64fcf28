import type { Shape } from "../scene/scene.js";

/** Outline of a symbol of radius 1 around the origin: pairs x, y; NaN between parts. */
export interface Outline {
  readonly points: readonly number[];
  /** True if the outline is closed and can be filled. */
  readonly isClosed: boolean;
}

const STAR_ARMS = 5;
/** Ratio of the inner to the outer radius of a regular five-pointed star. */
const STAR_INNER = 0.382;

/** Outlines of all shapes but the circle. Their areas are like that of a circle of radius 1. */
const OUTLINES: Readonly<Record<Exclude<Shape, "circle">, Outline>> = {
  square: closed([-0.88, -0.88, 0.88, -0.88, 0.88, 0.88, -0.88, 0.88]),
  diamond: closed([0, -1.3, 1.3, 0, 0, 1.3, -1.3, 0]),
  triangle: closed([0, -1.25, 1.2, 0.85, -1.2, 0.85]),
  caret: closed([-1.1, -0.8, 1.1, -0.8, 0, 1.1]),
  star: closed(starPoints()),
  cross: open([-0.9, -0.9, 0.9, 0.9, Number.NaN, Number.NaN, -0.9, 0.9, 0.9, -0.9]),
  plus: open([-1.1, 0, 1.1, 0, Number.NaN, Number.NaN, 0, -1.1, 0, 1.1]),
};

/** Returns the outline of a shape; undefined for a circle, which renderers draw themselves. */
export function outlineOf(shape: Shape): Outline | undefined {
  return shape === "circle" ? undefined : OUTLINES[shape];
}

function closed(points: readonly number[]): Outline {
  return { points, isClosed: true };
}

function open(points: readonly number[]): Outline {
  return { points, isClosed: false };
}

function starPoints(): readonly number[] {
  return Array.from({ length: 2 * STAR_ARMS }, (_, index) => {
    const radius = index % 2 === 0 ? 1.5 : 1.5 * STAR_INNER;
    const angle = (Math.PI * index) / STAR_ARMS;
    return [radius * Math.sin(angle), -radius * Math.cos(angle)];
  }).flat();
}
