import type { Axis } from "../../chart/axis/axis.js";
import type { RankedTrial } from "../data/rank.js";
import { plainValue, type Value } from "../data/study-data.js";

/** A vertical axis of parallel coordinates. */
export interface ParallelAxis {
  readonly name: string;
  /** In pixels. */
  readonly x: number;
  readonly axis: Axis<Value>;
}

/** A trial as a line through the axes. */
export interface ParallelLine extends RankedTrial {
  /** Pairs x, y in pixels, one for each axis. */
  readonly points: readonly number[];
  /** Place of the trial on each axis on which it has a value; see `Brush`. */
  readonly places: Readonly<Record<string, number>>;
}

/** Distance below an axis at which the lines of trials without a value pass, in pixels. */
export const INACTIVE_DEPTH = 16;

/** Returns the lines of trials. The last axis is that of the objective. */
export function parallelLines(trials: readonly RankedTrial[], axes: readonly ParallelAxis[]): readonly ParallelLine[] {
  return trials.map((ranked) => {
    const places: Record<string, number> = {};
    const points = axes.flatMap(({ name, x, axis }, index) => {
      const isLast = index === axes.length - 1;
      const value = isLast ? ranked.objective : plainValue(ranked.trial.values[name]);
      const y = value === undefined ? Number.NaN : limited(axis.at(value), axis);
      if (Number.isNaN(y)) return [x, axis.from + INACTIVE_DEPTH];
      places[name] = (y - axis.from) / (axis.to - axis.from);
      return [x, y];
    });
    return { ...ranked, points, places };
  });
}

/** Returns a position within the axis: an objective beyond the domain stands at its end. */
function limited(y: number, { from, to }: Axis<Value>): number {
  return Math.min(Math.max(from, to), Math.max(Math.min(from, to), y));
}
