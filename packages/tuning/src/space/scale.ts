// Positions on a scale: 0 at the low end, 1 at the high end. For a position p and r = high / low
// the value v is, as in KerasTuner:
//
//   linear       v = low + p (high - low)
//   log          v = low r^p
//   reverse-log  v = high + low - low r^(1 - p)

import type { Scale } from "./parameter.js";

/** A range of numbers and its spacing. On logarithmic scales, low > 0. */
export interface ScaledRange {
  readonly low: number;
  readonly high: number;
  readonly scale: Scale;
}

/** Returns the number at a position, clamped to the range, so that rounding never leaves it. */
export function numberAt({ low, high, scale }: ScaledRange, position: number): number {
  if (position <= 0) return low;
  if (position >= 1) return high;
  return Math.min(high, Math.max(low, numberInside({ low, high, scale }, position)));
}

/** Returns the derivative of the number with respect to the position, dv/dp. */
export function slopeAt({ low, high, scale }: ScaledRange, position: number): number {
  if (scale === "linear") return high - low;
  const number = numberAt({ low, high, scale }, position);
  return (scale === "log" ? number : high - number + low) * Math.log(high / low);
}

/** Returns the position of a number, in [0, 1]. Requires low < high. */
export function positionOf({ low, high, scale }: ScaledRange, value: number): number {
  const position =
    scale === "linear"
      ? fraction(value, low, high)
      : scale === "log"
        ? fraction(Math.log(value), Math.log(low), Math.log(high))
        : 1 - fraction(Math.log(high - (value - low)), Math.log(low), Math.log(high));
  return Math.min(1, Math.max(0, position));
}

function numberInside({ low, high, scale }: ScaledRange, position: number): number {
  if (scale === "linear") return between(low, high, position);
  if (scale === "log") return Math.exp(between(Math.log(low), Math.log(high), position));
  return high - (Math.exp(between(Math.log(high), Math.log(low), position)) - low);
}

/** Returns start + share (end - start), in a form that cannot overflow. */
function between(start: number, end: number, share: number): number {
  return start * (1 - share) + end * share;
}

/**
 * Returns (value - start) / (end - start), or 0 if the ends are equal. Halves all terms if the
 * denominator overflows.
 */
function fraction(value: number, start: number, end: number): number {
  const width = end - start;
  if (width === 0) return 0;
  return Number.isFinite(width) ? (value - start) / width : (value / 2 - start / 2) / (end / 2 - start / 2);
}
