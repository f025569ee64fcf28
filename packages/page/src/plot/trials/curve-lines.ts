// The lines of learning curves in pixels. A study may have 200,000 epochs on one plot, so that the
// lines are flat arrays.

import type { Axis } from "../../chart/axis/axis.js";
import { decimated } from "../../chart/scene/decimate.js";
import { hasRates, type LearningCurve } from "./curve.js";

/** A curve with its line. */
export interface CurveLine {
  readonly curve: LearningCurve;
  /** Pairs x, y in pixels, one for each epoch that has a place on both axes. */
  readonly points: Float64Array;
  /** Index of the epoch of each point in the curve. */
  readonly places: Int32Array;
}

/** Returns the lines of curves that have a point at all. */
export function curveLines(
  curves: readonly LearningCurve[],
  axes: { readonly x: Axis<number>; readonly y: Axis<number> },
  ofRates: boolean,
): readonly CurveLine[] {
  return curves.map((curve) => lineOf(curve, axes, ofRates)).filter(({ points }) => points.length > 0);
}

/** Returns several lines as one, with a gap between two of them. */
export function joined(lines: readonly CurveLine[]): Float64Array {
  const thin = lines.map(({ points }) => decimated(points));
  const all = new Float64Array(thin.reduce((sum, { length }) => sum + length + 2, 0));
  let place = 0;
  for (const points of thin) {
    all.set(points, place);
    all.fill(Number.NaN, place + points.length, place + points.length + 2);
    place += points.length + 2;
  }
  return all;
}

/** Returns the boxes of all points of the lines, in their order. */
export function boxesOf(lines: readonly CurveLine[]): Float64Array {
  const boxes = new Float64Array(lines.reduce((sum, { places }) => sum + places.length * 4, 0));
  let box = 0;
  for (const { points } of lines) {
    for (let place = 0; place < points.length; place += 2, box += 4) {
      boxes[box] = boxes[box + 2] = points[place] as number;
      boxes[box + 1] = boxes[box + 3] = points[place + 1] as number;
    }
  }
  return boxes;
}

function lineOf(
  curve: LearningCurve,
  { x, y }: { readonly x: Axis<number>; readonly y: Axis<number> },
  ofRates: boolean,
): CurveLine {
  const values = ofRates ? (hasRates(curve) ? curve.learningRates : []) : curve.values;
  const [points, places] = [new Float64Array(values.length * 2), new Int32Array(values.length)];
  let count = 0;
  for (let index = 0; index < values.length; index++) {
    // Epochs count from 0 in messages and from 1 for people.
    const at = x.at((curve.epochs[index] as number) + 1);
    const height = y.at(values[index] as number);
    if (!Number.isFinite(at) || !Number.isFinite(height)) continue;
    points[2 * count] = at;
    points[2 * count + 1] = height;
    places[count] = index;
    count++;
  }
  return { curve, points: points.subarray(0, 2 * count), places: places.subarray(0, count) };
}
