import type { ParallelLine } from "./parallel-lines.js";

/** A range of an axis: 0 is its lower end, 1 its upper end, whatever the size of the chart. */
export interface Brush {
  readonly from: number;
  readonly to: number;
}

/** Ranges by the name of their axis. */
export type Brushes = Readonly<Record<string, Brush>>;

/** Room for rounding at the ends of a range. */
const TOLERANCE = 1e-9;

/**
 * Returns the lines that pass through all ranges and belong to the best trials.
 *
 * @param lines - from the worst to the best objective
 * @param bestShare - share of the lines that counts as the best, in (0, 1]; at least one line
 */
export function keptLines(
  lines: readonly ParallelLine[],
  brushes: Brushes,
  bestShare: number,
): ReadonlySet<ParallelLine> {
  const count = Math.max(1, Math.ceil(lines.length * bestShare - TOLERANCE));
  return new Set(lines.slice(-count).filter((line) => passes(line, brushes)));
}

/** Returns a range with its ends in order, within the axis; undefined for one without extent. */
export function brushOf(a: number, b: number): Brush | undefined {
  const [from, to] = [Math.min(a, b), Math.max(a, b)].map((end) => Math.min(1, Math.max(0, end)));
  return from === undefined || to === undefined || to - from < TOLERANCE ? undefined : { from, to };
}

function passes({ places }: ParallelLine, brushes: Brushes): boolean {
  return Object.entries(brushes).every(([name, { from, to }]) => {
    const place = places[name];
    return place !== undefined && place >= from - TOLERANCE && place <= to + TOLERANCE;
  });
}
