import type { NumberSummary } from "./number-summary.js";

/**
 * A chunk whose largest magnitude is at most this multiple of its range may be stored as float32:
 * the rounding is then below 1e-6 of the range.
 */
const MAGNITUDE_MAX = 16;

/**
 * Returns numbers in half the memory where that costs nothing that a network could see: all are
 * exact in float32, or some are fractions and rounding changes them by less than 1e-6 of their
 * range. Returns a copy in float64 for others.
 *
 * @param exact - true never rounds
 */
export function compact(values: Float64Array, summary: NumberSummary, exact: boolean): Float32Array | Float64Array {
  const rounded = new Float32Array(values);
  if (exact || summary.whole || !isClose(summary)) return areSame(values, rounded) ? rounded : values.slice();
  return rounded;
}

/** Returns true if rounding to float32 changes no number by more than 1e-6 of their range. */
function isClose({ min, max }: NumberSummary): boolean {
  const inRange = Math.fround(max) < Infinity && Math.fround(min) > -Infinity;
  return inRange && Math.max(max, -min) <= MAGNITUDE_MAX * (max - min);
}

function areSame(values: Float64Array, rounded: Float32Array): boolean {
  for (let index = 0; index < values.length; index++) {
    const value = values[index] as number;
    if (rounded[index] !== value && !Number.isNaN(value)) return false;
  }
  return true;
}
