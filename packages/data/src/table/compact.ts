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
export function compact(values: Float64Array, exact: boolean): Float32Array | Float64Array {
  const rounded = Float32Array.from(values);
  let [isSame, isWhole, min, max] = [true, true, Infinity, -Infinity];
  for (let index = 0; index < values.length; index++) {
    const value = values[index] as number;
    if (Number.isNaN(value)) continue;
    if (rounded[index] !== value) isSame = false;
    if (Math.floor(value) !== value) isWhole = false;
    if (value < min) min = value;
    if (value > max) max = value;
  }
  if (isSame) return rounded;
  const isClose = Math.max(max, -min) <= MAGNITUDE_MAX * (max - min);
  return !exact && !isWhole && isClose && Math.fround(max) < Infinity && Math.fround(min) > -Infinity
    ? rounded
    : values.slice();
}
