import { POWER_MAX, roundDecimal, TENS, TENTHS } from "./decimal.js";

const ZERO = 0x30;
const POINT = 0x2e;
const MINUS = 0x2d;
const PLUS = 0x2b;
const LOWER_E = 0x65;
const UPPER_E = 0x45;

/** A high part below takes one more digit and stays below 10^15. */
const HIGH_LIMIT = 1e14;
const LOW_DIGITS_MAX = 15;
/** A larger exponent gives zero or infinity for every number of a line of text. */
const EXPONENT_MAX = 1_000_000;

/** The result of a scan where no finite number begins. */
export const NO_NUMBER = -1;

/**
 * Reads any decimal number and stores it in `into[index]`: the double that `Number` gives for its
 * text. The byte behind the last one must be no part of a number.
 *
 * The first 15 digits after leading zeros are `high`, the next 15 `low`. `Number` reads the text if
 * further digits follow, or if doubles are not exact enough.
 *
 * @returns the position after the number, or `NO_NUMBER`; what follows the number is not checked
 */
export function scanDecimal(bytes: DataView, start: number, into: Float64Array, index: number): number {
  let position = start;
  const isNegative = bytes.getUint8(position) === MINUS;
  if (isNegative) position++;
  const first = position;
  let high = 0;
  let low = 0;
  let lowDigits = 0;
  let dropped = 0;
  let point = -1;
  let byte = bytes.getUint8(position);
  for (;;) {
    const digit = byte - ZERO;
    if (digit >= 0 && digit <= 9) {
      if (high < HIGH_LIMIT) high = high * 10 + digit;
      else if (lowDigits < LOW_DIGITS_MAX) {
        low = low * 10 + digit;
        lowDigits++;
      } else dropped++;
    } else if (byte === POINT && point < 0) point = position;
    else break;
    byte = bytes.getUint8(++position);
  }
  if (position - first - (point < 0 ? 0 : 1) === 0) return NO_NUMBER;
  let power = lowDigits + dropped - (point < 0 ? 0 : position - point - 1);
  if (byte === LOWER_E || byte === UPPER_E) {
    const sign = bytes.getUint8(position + 1);
    position += sign === MINUS || sign === PLUS ? 2 : 1;
    const begin = position;
    let exponent = 0;
    for (let digit = digitAt(bytes, position); digit >= 0; digit = digitAt(bytes, ++position)) {
      exponent = Math.min(EXPONENT_MAX, exponent * 10 + digit);
    }
    if (position === begin) return NO_NUMBER;
    power += sign === MINUS ? -exponent : exponent;
  }
  let value = dropped === 0 ? compose(high, low, lowDigits, power) : Number.NaN;
  if (Number.isNaN(value)) value = Number(textOf(bytes, first, position));
  if (value === Infinity) return NO_NUMBER;
  into[index] = isNegative ? -value : value;
  return position;
}

function digitAt(bytes: DataView, position: number): number {
  const digit = bytes.getUint8(position) - ZERO;
  return digit >= 0 && digit <= 9 ? digit : -1;
}

/** Returns (high + low / 10^lowDigits) * 10^power; NaN if the nearest double is not certain. */
function compose(high: number, low: number, lowDigits: number, power: number): number {
  if (high === 0) return 0;
  if (power < -POWER_MAX || power > POWER_MAX) return Number.NaN;
  if (lowDigits > 0) return roundDecimal(high, low * (TENTHS[lowDigits] as number), power);
  return power < 0 ? high / (TENS[-power] as number) : high * (TENS[power] as number);
}

function textOf(bytes: DataView, start: number, end: number): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString("latin1");
}
