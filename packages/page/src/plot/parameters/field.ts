import type { GetSurrogateResponse } from "@sintonia/proto/sintonia/v1/admin";
import type { Goal } from "@sintonia/proto/sintonia/v1/study";
import { contours } from "d3-contour";
import type { Frame } from "../../chart/axis/frame.js";
import { type Domain, domainOf } from "../../chart/axis/number-axis.js";
import { FIELD_ROLES, type Role } from "../../chart/scene/role.js";
import type { Mark } from "../../chart/scene/scene.js";
import { rankIn } from "../data/rank.js";
import { plainValue, type Value } from "../data/study-data.js";

/** Estimates over a grid of two parameters. */
export interface Field {
  readonly first: readonly Value[];
  readonly second: readonly Value[];
  /** At index i m + j for the values i and j, where m is the number of second values. */
  readonly mean: readonly number[];
}

/** Returns the field of a surrogate; undefined if it is no grid of at least two by two. */
export function fieldOf(surrogate: GetSurrogateResponse): Field | undefined {
  const first = surrogate.first.flatMap((value) => plainValue(value) ?? []);
  const second = surrogate.second.flatMap((value) => plainValue(value) ?? []);
  const isGrid = first.length > 1 && second.length > 1 && surrogate.mean.length === first.length * second.length;
  return isGrid ? { first, second, mean: surrogate.mean } : undefined;
}

/** Returns a field of numbers as filled contours, from the lowest to the highest. */
export function contourMarks(field: Field, framed: Frame<Value, Value>, goal: Goal): readonly Mark[] {
  const domain = domainOf(field.mean);
  const step = (domain.high - domain.low) / FIELD_ROLES.length;
  const thresholds = FIELD_ROLES.map((_, index) => domain.low + index * step);
  const [xs, ys] = [field.first.map((value) => framed.x.at(value)), field.second.map((value) => framed.y.at(value))];
  const { x, y, width, height } = framed.plot;
  const ground: Mark = { kind: "rect", x, y, width, height, fill: fieldRole(domain, goal, domain.low) };
  const shapes = contours().size([xs.length, ys.length]).thresholds(thresholds.slice(1))(transposed(field));
  return [
    ground,
    ...shapes.map(({ coordinates, value }): Mark => {
      const rings = coordinates.flat();
      const points = rings.flatMap((ring) => [
        ...ring.flatMap(([column = 0, row = 0]) => [between(xs, column), between(ys, row)]),
        Number.NaN,
        Number.NaN,
      ]);
      const fill = fieldRole(domain, goal, value + step / 2);
      return { kind: "area", points, fill, stroke: "surface", lineWidth: 0.5 };
    }),
  ];
}

/** Returns a field of which a side has separate values as cells. */
export function cellMarks(field: Field, framed: Frame<Value, Value>, goal: Goal): readonly Mark[] {
  const domain = domainOf(field.mean);
  const columns = cellsOf(
    field.first.map((value) => framed.x.at(value)),
    framed.plot.x,
    framed.plot.x + framed.plot.width,
  );
  const rows = cellsOf(
    field.second.map((value) => framed.y.at(value)),
    framed.plot.y + framed.plot.height,
    framed.plot.y,
  );
  return columns.flatMap(([left, right], i) =>
    rows.map(([bottom, top], j): Mark => {
      const mean = field.mean[i * field.second.length + j] ?? Number.NaN;
      const fill = fieldRole(domain, goal, mean);
      // Cells overlap by a hair, or the background shows between them.
      return { kind: "rect", x: left, y: top, width: right - left + 0.5, height: bottom - top + 0.5, fill };
    }),
  );
}

function fieldRole(domain: Domain, goal: Goal, mean: number): Role {
  const step = Math.floor(rankIn(domain, goal, mean) * FIELD_ROLES.length);
  return FIELD_ROLES[Math.min(FIELD_ROLES.length - 1, step)] ?? "field-0";
}

/** Returns the means row by row, as d3-contour reads them: the first parameter is the inner one. */
function transposed({ first, second, mean }: Field): number[] {
  return second.flatMap((_, row) => first.map((_, column) => mean[column * second.length + row] ?? Number.NaN));
}

/** Returns the pixel of a place on the grid. d3-contour puts the value i at i + 0.5. */
function between(pixels: readonly number[], place: number): number {
  const at = Math.min(pixels.length - 1, Math.max(0, place - 0.5));
  const below = Math.min(pixels.length - 2, Math.floor(at));
  const [start = 0, end = 0] = [pixels[below], pixels[below + 1]];
  return start + (at - below) * (end - start);
}

/** Returns the ends of cells around pixels, halfway to their neighbours. */
function cellsOf(pixels: readonly number[], first: number, last: number): readonly (readonly [number, number])[] {
  const edges = pixels.slice(1).map((pixel, index) => (pixel + (pixels[index] ?? pixel)) / 2);
  return pixels.map((_, index) => [edges[index - 1] ?? first, edges[index] ?? last]);
}
