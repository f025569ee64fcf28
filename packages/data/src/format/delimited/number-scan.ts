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
