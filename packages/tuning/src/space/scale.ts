// Places on a scale: 0 at the low end, 1 at the high one. With r = high / low, as KerasTuner has them:
//
//   linear       v = low + p (high - low)
//   log          v = low r^p
//   reverse-log  v = high + low - low r^(1 - p)

import type { Scale } from "./parameter.js";

/** A range of numbers and how they are spaced; `low` is above 0 on logarithmic scales. */
export interface ScaledRange {
  readonly low: number;
  readonly high: number;
  readonly scale: Scale;
}

/** The number at a place; within the range whatever the rounding. */
export function numberAt({ low, high, scale }: ScaledRange, place: number): number {
  if (place <= 0) return low;
  if (place >= 1) return high;
  return Math.min(high, Math.max(low, numberInside({ low, high, scale }, place)));
}

/** Derivative of the number by the place. */
export function slopeAt({ low, high, scale }: ScaledRange, place: number): number {
  if (scale === "linear") return high - low;
  const number = numberAt({ low, high, scale }, place);
  return (scale === "log" ? number : high - number + low) * Math.log(high / low);
}

/** The place of a number, in [0, 1]. The range must have more than one number. */
export function placeOf({ low, high, scale }: ScaledRange, value: number): number {
  const place =
    scale === "linear"
      ? fraction(value, low, high)
      : scale === "log"
        ? fraction(Math.log(value), Math.log(low), Math.log(high))
        : 1 - fraction(Math.log(high - (value - low)), Math.log(low), Math.log(high));
  return Math.min(1, Math.max(0, place));
}

function numberInside({ low, high, scale }: ScaledRange, place: number): number {
  if (scale === "linear") return between(low, high, place);
  if (scale === "log") return Math.exp(between(Math.log(low), Math.log(high), place));
  return high - (Math.exp(between(Math.log(high), Math.log(low), place)) - low);
}

/** Cannot overflow, whatever the ends. */
function between(start: number, end: number, share: number): number {
  return start * (1 - share) + end * share;
}

/**
 * How far `value` is on the way from start to end; 0 where rounding leaves no way. Halves where the difference of the ends
 * would overflow.
 */
function fraction(value: number, start: number, end: number): number {
  const width = end - start;
  if (width === 0) return 0;
  return Number.isFinite(width) ? (value - start) / width : (value / 2 - start / 2) / (end / 2 - start / 2);
}
