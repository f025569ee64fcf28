// Numbers for a person. A number has four significant digits, and never fewer than stand before its
// decimal point. Numbers that are compared get more digits where four do not tell them apart.
// Documents for programs have every digit.

import type { ParameterValue } from "@sintonia/tuning/space/parameter";

/** Significant digits of a number. An accuracy over 10,000 examples has four. */
export const DIGITS = 4;
/** Most digits of compared numbers: nine tell any two float32 apart, and metrics are float32. */
const DIGITS_MAX = 9;
/** Numbers from here on are printed with an exponent: a double is not exact to the unit. */
const PLAIN_BELOW = 1e15;
/** Share of the spread of a column that the last digit of its numbers resolves. */
const RESOLUTION = 0.01;

/**
 * Returns the text of a number with at most `digits` significant digits and without trailing zeros.
 * Digits before the decimal point are kept; a whole number is printed in full.
 */
export function numberText(value: number, digits = DIGITS): string {
  if (!Number.isFinite(value)) return String(value);
  const size = Math.abs(value);
  if (size >= PLAIN_BELOW) return Number(value.toPrecision(digits)).toExponential();
  if (Number.isInteger(value)) return String(value);
  const before = size < 1 ? 0 : Math.floor(Math.log10(size)) + 1;
  return before >= digits ? String(Math.round(value)) : String(Number(value.toPrecision(digits)));
}

/**
 * Returns the text of a number that changes while it is watched: with trailing zeros, so that its
 * width stays the same.
 */
export function steadyText(value: number): string {
  const size = Math.abs(value);
  return size >= 1e-4 && size < 1e3 ? value.toPrecision(DIGITS) : numberText(value);
}

/** Returns the text of a parameter value: a number with four digits, a word as it is. */
export function valueText(value: ParameterValue): string {
  return typeof value === "number" ? numberText(value) : String(value);
}

/**
 * Returns a formatter for numbers of one column. It uses the fewest digits, from four to nine, of
 * which the last is at most a hundredth of the spread of the numbers.
 *
 * @param apart - a number whose text must differ from that of every other number, such as the best
 */
export function columnText(values: readonly number[], apart?: number): (value: number) => string {
  const finite = values.filter(Number.isFinite);
  const size = finite.reduce((largest, value) => Math.max(largest, Math.abs(value)), 0);
  const spread = finite.reduce((a, b) => Math.max(a, b), -Infinity) - finite.reduce((a, b) => Math.min(a, b), Infinity);
  let digits = DIGITS;
  while (digits < DIGITS_MAX && !(isResolved(size, spread, digits) && isApart(finite, apart, digits))) digits++;
  return (value) => numberText(value, digits);
}

/** Returns a formatter that tells all of a few different numbers apart. */
export function comparedText(values: readonly number[]): (value: number) => string {
  const different = [...new Set(values)];
  let digits = DIGITS;
  while (digits < DIGITS_MAX && new Set(different.map((value) => numberText(value, digits))).size < different.length)
    digits++;
  return (value) => numberText(value, digits);
}

/** Formats a share in [0, 1] as a percentage with two decimals. */
export function percent(share: number): string {
  return `${(share * 100).toFixed(2)} %`;
}

/** Formats an integer with commas between thousands. */
export function grouped(count: number): string {
  return count.toLocaleString("en-US");
}

function isResolved(size: number, spread: number, digits: number): boolean {
  if (!(spread > 0) || !Number.isFinite(spread)) return true;
  const lastDigit = 10 ** (Math.floor(Math.log10(size)) + 1 - digits);
  return lastDigit <= spread * RESOLUTION;
}

function isApart(values: readonly number[], apart: number | undefined, digits: number): boolean {
  if (apart === undefined) return true;
  const text = numberText(apart, digits);
  return values.every((value) => value === apart || numberText(value, digits) !== text);
}
