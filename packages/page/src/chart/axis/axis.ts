import { textWidth } from "./text-width.js";

/** A labelled position on an axis. */
export interface Tick {
  /** In pixels. */
  readonly position: number;
  /** Empty where the label has no room. */
  readonly text: string;
}

/** A mapping from values to pixels along one side of a chart. */
export interface Axis<Value> {
  readonly label: string;
  /** Pixel of the first value. */
  readonly from: number;
  /** Pixel of the last value; smaller than `from` on an axis that points upwards. */
  readonly to: number;
  readonly ticks: readonly Tick[];
  /** Returns the pixel of a value, maybe outside the axis; NaN if the axis lacks the value. */
  at(value: Value): number;
  /** Returns the value at a pixel, limited to the ends of the axis. */
  invert(pixel: number): Value;
  /** Returns the value as a tick or a tooltip shows it. */
  text(value: Value): string;
}

/** An axis before its pixels are known. */
export type AxisMaker<Value> = (from: number, to: number) => Axis<Value>;

/** Least distance in pixels between the labels of ticks. */
const LABEL_GAP = 10;

/** Removes labels that would overlap along a horizontal axis. The first label stays. */
export function withoutOverlaps(ticks: readonly Tick[]): readonly Tick[] {
  let end = Number.NEGATIVE_INFINITY;
  return ticks.map((tick) => {
    const half = textWidth(tick.text) / 2;
    if (tick.position - half < end + LABEL_GAP) return { ...tick, text: "" };
    end = tick.position + half;
    return tick;
  });
}
