// Numbers in ASCII, read without a text in between. The digits of a number are head * 10^tailDigits
// + tail, with int32 arithmetic for both.

const ZERO = 0x30;
const POINT = 0x2e;
const MINUS = 0x2d;
const PLUS = 0x2b;
const LOWER_E = 0x65;
const UPPER_E = 0x45;

/** A head below takes one more digit and stays below 2^31. */
const HEAD_LIMIT = 100_000_000;
const TAIL_DIGITS_MAX = 9;
/** Powers of ten up to here are exact in a double. */
const EXACT_POWER_MAX = 22;
const POWERS = Float64Array.from({ length: EXACT_POWER_MAX + 1 }, (_, power) => Number(`1e${power}`));
/** A larger exponent gives zero or infinity for every number of a line of text. */
const EXPONENT_MAX = 1_000_000;

/** Digits that fit into an int32 whatever they are. */
const GROUP_DIGITS = 9;
/** A first group below has leading zeros, so that two groups may hold fewer than 16 digits. */
const LEAST_HEAD = 10_000_000;
/** What is left of characters behind a number when the code of zero is taken off, unsigned. */
const POINT_DIGIT = (POINT - ZERO) >>> 0;
const LOWER_E_DIGIT = (LOWER_E - ZERO) >>> 0;
const UPPER_E_DIGIT = (UPPER_E - ZERO) >>> 0;

/** The result of `scanNumber` where no finite number begins. */
export const NO_NUMBER = -1;

/**
 * Reads a decimal number and stores it in `into[index]`.
 *
 * A number below 2^53 without its point, with a power of ten up to 22, is rounded correctly. Of
 * others the last bit of the double may differ, far below the last bit of a float32. The byte
 * behind the last one must be no part of a number.
 *
 * @returns the position after the number, or `NO_NUMBER`; what follows the number is not checked
 */
export function scanNumber(bytes: Uint8Array, start: number, into: Float64Array, index: number): number {
  let position = start;
  const isNegative = bytes[position] === MINUS;
  if (isNegative) position++;
  const first = position;
  let whole = 0;
  let digit = ((bytes[position] as number) - ZERO) >>> 0;
  while (digit <= 9) {
    whole = (whole * 10 + digit) | 0;
    digit = ((bytes[++position] as number) - ZERO) >>> 0;
  }
  const wholeDigits = position - first;
  if (wholeDigits === 0 || wholeDigits > GROUP_DIGITS) return scanAnyNumber(bytes, start, into, index);
  if (digit !== POINT_DIGIT) {
    if (digit === LOWER_E_DIGIT || digit === UPPER_E_DIGIT) return scanAnyNumber(bytes, start, into, index);
    into[index] = isNegative ? -whole : whole;
    return position;
  }
  const point = position;
  let limit = position + GROUP_DIGITS;
  let head = 0;
  digit = ((bytes[++position] as number) - ZERO) >>> 0;
  while (digit <= 9 && position <= limit) {
    head = (head * 10 + digit) | 0;
    digit = ((bytes[++position] as number) - ZERO) >>> 0;
  }
  const headDigits = position - point - 1;
  let value = whole * (POWERS[headDigits] as number) + head;
  if (digit <= 9) {
    // Leading zeros would leave too few digits.
    if (value < LEAST_HEAD) return scanAnyNumber(bytes, start, into, index);
    limit += GROUP_DIGITS;
    let tail = 0;
    while (digit <= 9 && position <= limit) {
      tail = (tail * 10 + digit) | 0;
      digit = ((bytes[++position] as number) - ZERO) >>> 0;
    }
    value = value * (POWERS[position - limit + GROUP_DIGITS - 1] as number) + tail;
  }
  if (digit <= 9 || digit === LOWER_E_DIGIT || digit === UPPER_E_DIGIT) return scanAnyNumber(bytes, start, into, index);
  value /= POWERS[position - point - 1] as number;
  into[index] = isNegative ? -value : value;
  return position;
}

/** Reads any decimal number, as `scanNumber`. */
function scanAnyNumber(bytes: Uint8Array, start: number, into: Float64Array, index: number): number {
  let position = start;
  const negative = bytes[position] === MINUS;
  if (negative) position++;
  const first = position;
  let head = 0;
  let tail = 0;
  let tailDigits = 0;
  let power = 0;
  let point = -1;
  let byte = bytes[position] as number;
  for (;;) {
    const digit = byte - ZERO;
    if (digit >= 0 && digit <= 9) {
      if (head < HEAD_LIMIT) head = (head * 10 + digit) | 0;
      else if (tailDigits < TAIL_DIGITS_MAX) {
        tail = (tail * 10 + digit) | 0;
        tailDigits++;
      } else power++;
    } else if (byte === POINT && point < 0) point = position;
    else break;
    byte = bytes[++position] as number;
  }
  if (position - first - (point < 0 ? 0 : 1) === 0) return NO_NUMBER;
  if (point >= 0) power -= position - point - 1;
  if (byte === LOWER_E || byte === UPPER_E) {
    const sign = bytes[position + 1];
    position += sign === MINUS || sign === PLUS ? 2 : 1;
    const begin = position;
    let exponent = 0;
    for (let digit = digitAt(bytes, position); digit >= 0; digit = digitAt(bytes, ++position)) {
      exponent = Math.min(EXPONENT_MAX, exponent * 10 + digit);
    }
    if (position === begin) return NO_NUMBER;
    power += sign === MINUS ? -exponent : exponent;
  }
  const digits = tailDigits === 0 ? head : head * (POWERS[tailDigits] as number) + tail;
  const value = power === 0 ? digits : scaled(digits, power);
  if (value === Infinity) return NO_NUMBER;
  into[index] = negative ? -value : value;
  return position;
}

function digitAt(bytes: Uint8Array, position: number): number {
  const digit = (bytes[position] as number) - ZERO;
  return digit >= 0 && digit <= 9 ? digit : -1;
}

/** Returns digits * 10^power. */
function scaled(digits: number, power: number): number {
  if (digits === 0) return 0;
  if (power < 0 && power >= -EXACT_POWER_MAX) return digits / (POWERS[-power] as number);
  if (power > 0 && power <= EXACT_POWER_MAX) return digits * (POWERS[power] as number);
  return Number(`${digits}e${power}`);
}
