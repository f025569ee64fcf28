// Decimal numbers to doubles, rounded correctly. Notation: [x] is x rounded to a double.

/** Powers of ten up to here are exact in a double. */
export const POWER_MAX = 22;

/** Powers of ten. */
export const TENS = Float64Array.from({ length: POWER_MAX + 1 }, (_, power) => Number(`1e${power}`));
/** Inverse powers of ten, rounded. */
export const TENTHS = Float64Array.from({ length: POWER_MAX + 1 }, (_, power) => Number(`1e-${power}`));

/** Veltkamp's factor: divides a double into two numbers of at most 26 bits. */
const DIVIDER = 2 ** 27 + 1;
const TENS_HIGH = TENS.map((ten) => DIVIDER * ten - (DIVIDER * ten - ten));
const TENS_LOW = TENS.map((ten, power) => ten - (TENS_HIGH[power] as number));

/**
 * Upper bound of the error of a correction below, relative to the power of ten: `rest` is known
 * within 2^-52, and three operations with results below 2 follow.
 */
const ERROR_MAX = 2 ** -49;

/**
 * Returns the double next to (high + rest) * 10^power.
 *
 * The double [high * 10^power] is corrected by its exact distance, which the product of two doubles
 * in two parts gives (Dekker 1971). The sum is right unless the number lies as near to the middle
 * of two doubles as the error of the correction.
 *
 * @param high - whole number below 10^15
 * @param rest - number in [0, 1], within 2^-52 of the true one
 * @param power - from -22 to 22
 * @returns NaN if it is not certain which double is next
 */
export function roundDecimal(high: number, rest: number, power: number): number {
  const index = power < 0 ? -power : power;
  const ten = TENS[index] as number;
  const nearest = power < 0 ? high / ten : high * ten;
  const factor = power < 0 ? nearest : high;
  const product = power < 0 ? nearest * ten : nearest;
  const error = productError(factor, index, product);
  const correction = power < 0 ? (high - product - error + rest) / ten : error + rest * ten;
  const margin = power < 0 ? ERROR_MAX / ten : ERROR_MAX * ten;
  const value = nearest + (correction + margin);
  return value === nearest + (correction - margin) ? value : Number.NaN;
}

/** Returns factor * 10^index - product, for product = [factor * 10^index]. */
function productError(factor: number, index: number, product: number): number {
  const divided = DIVIDER * factor;
  const high = divided - (divided - factor);
  const low = factor - high;
  const [tenHigh, tenLow] = [TENS_HIGH[index] as number, TENS_LOW[index] as number];
  return high * tenHigh - product + high * tenLow + low * tenHigh + low * tenLow;
}
