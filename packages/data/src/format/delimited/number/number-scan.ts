// Numbers in ASCII, read without a text in between, four digits at a time: four bytes are one
// little-endian int32, and the first digit is its lowest byte.

import { TENS, TENTHS } from "./decimal.js";
import { scanDecimal } from "./decimal-scan.js";

const POINT = 0x2e;
const MINUS = 0x2d;
const ZERO = 0x30;
/** A whole part below takes one more digit and stays below 10^7; `high` then is below 10^15. */
const WHOLE_LIMIT = 1_000_000;
/** Upper bound of the error of a correction below: 2^-49 of its factor 1e-8, rounded up. */
const ERROR_MAX = 2 ** -75;

/** Bytes behind the end of a number that a scan may read. */
export const SCAN_AHEAD_BYTES = 4;

/**
 * Reads a decimal number and stores it in `into[index]`: the double that `Number` gives for its
 * text. The byte behind the last one must be no part of a number, and `SCAN_AHEAD_BYTES` more must
 * exist.
 *
 * Reads up to 7 digits, a point and up to 19 digits; `scanDecimal` reads other numbers. The time
 * of a whole reading depends on this function. Therefore the groups of four digits are written
 * out, and the sign and the length of the last group cost no branch. V8 inlines all helpers,
 * because they are small.
 *
 * @returns the position after the number, or `NO_NUMBER`; what follows the number is not checked
 */
export function scanNumber(bytes: DataView, start: number, into: Float64Array, index: number): number {
  const minus = ((bytes.getUint8(start) ^ MINUS) - 1) >>> 31;
  const sign = 1 - 2 * minus;
  let position = start + minus;
  let whole = (bytes.getUint8(position) - ZERO) >>> 0;
  if (whole > 9) return scanDecimal(bytes, start, into, index);
  let byte = bytes.getUint8(++position);
  for (let digit = (byte - ZERO) >>> 0; digit <= 9; digit = (byte - ZERO) >>> 0) {
    if (whole >= WHOLE_LIMIT) return scanDecimal(bytes, start, into, index);
    whole = whole * 10 + digit;
    byte = bytes.getUint8(++position);
  }
  if (byte !== POINT) {
    if (isExponent(byte)) return scanDecimal(bytes, start, into, index);
    into[index] = sign * whole;
    return position;
  }

  // The first eight digits behind the point. A number with fewer is a quotient of two exact ones.
  let digits = bytes.getInt32(++position, true) ^ 0x30303030;
  let end = notDigits(digits);
  if (end !== 0) {
    const count = digitCount(end);
    position += count;
    if (isExponent(bytes.getUint8(position))) return scanDecimal(bytes, start, into, index);
    const ten = TENS[count] as number;
    into[index] = (sign * (whole * ten + fourDigits(firstOf(digits, count)))) / ten;
    return position;
  }
  const first = fourDigits(digits);
  position += 4;
  digits = bytes.getInt32(position, true) ^ 0x30303030;
  end = notDigits(digits);
  if (end !== 0) {
    const count = digitCount(end);
    position += count;
    if (isExponent(bytes.getUint8(position))) return scanDecimal(bytes, start, into, index);
    const number = (whole * 1e4 + first) * (TENS[count] as number) + fourDigits(firstOf(digits, count));
    into[index] = (sign * number) / (TENS[count + 4] as number);
    return position;
  }
  const high = whole * 1e8 + (first * 10_000 + fourDigits(digits));
  position += 4;

  // Up to eleven more.
  let low = 0;
  let lowDigits = 0;
  digits = bytes.getInt32(position, true) ^ 0x30303030;
  end = notDigits(digits);
  if (end === 0) {
    low = fourDigits(digits);
    lowDigits = 4;
    position += 4;
    digits = bytes.getInt32(position, true) ^ 0x30303030;
    end = notDigits(digits);
    if (end === 0) {
      low = Math.imul(low, 10_000) + fourDigits(digits);
      lowDigits = 8;
      position += 4;
      digits = bytes.getInt32(position, true) ^ 0x30303030;
      end = notDigits(digits);
      if (end === 0) return scanDecimal(bytes, start, into, index);
    }
  }
  const count = digitCount(end);
  position += count;
  if (isExponent(bytes.getUint8(position))) return scanDecimal(bytes, start, into, index);
  const rest =
    (low * (TENS[count] as number) + fourDigits(firstOf(digits, count))) * (TENTHS[lowDigits + count] as number);

  // As in roundDecimal. The two parts of `nearest` have so few bits that both products are exact.
  const nearest = high * 1e-8;
  const front = Math.fround(nearest);
  const remainder = high - front * 1e8 - (nearest - front) * 1e8;
  const correction = (remainder + rest) * 1e-8;
  const value = nearest + (correction + ERROR_MAX);
  if (value !== nearest + (correction - ERROR_MAX)) return scanDecimal(bytes, start, into, index);
  into[index] = sign * value;
  return position;
}

/**
 * Returns zero if four bytes XOR "0" are digits. Else the lowest bit that is set lies in the first
 * byte that is none: a byte above 9 has a high bit, either as it is or with 6 added.
 */
function notDigits(bytes: number): number {
  return (bytes | (bytes + 0x06060606)) & 0xf0f0f0f0;
}

/** Returns the number of digits before the byte that has the lowest bit set, 0 to 3. */
function digitCount(bits: number): number {
  return (31 - Math.clz32(bits & -bits)) >>> 3;
}

/** Returns the first 0 to 3 of four digits with zeros before them. */
function firstOf(digits: number, count: number): number {
  // Two shifts, because a shift by 32 bits is none.
  return (digits << (24 - 8 * count)) << 8;
}

/** Returns the number of four digits: joins pairs (10 * 256 + 1), then both (100 * 65536 + 1). */
function fourDigits(digits: number): number {
  return ((((digits * 2_561) >>> 8) & 0xff00ff) * 6_553_601) >>> 16;
}

/** Returns true for e and E. */
function isExponent(byte: number): boolean {
  return (byte | 0x20) === 0x65;
}
