// Exact arithmetic with decimals, as a person writes them: 0.1 + 0.2 is 0.3. The decimal of a
// number is its shortest one: the one that JavaScript prints.

/** A decimal: digits · 10^exponent. */
export interface Decimal {
  readonly digits: bigint;
  readonly exponent: number;
}

/** The decimal 0. */
export const ZERO: Decimal = { digits: 0n, exponent: 0 };

/** Returns the shortest decimal of a finite number. */
export function decimalOf(value: number): Decimal {
  return parseDecimal(String(value)) ?? ZERO;
}

/** Largest magnitude of an exponent. Doubles end at 1e308 and 5e-324; sums align exponents. */
const EXPONENT_MAX = 400;

const DECIMAL = /^([+-]?)(\d*)\.?(\d*)(?:[eE]([+-]?\d+))?$/;

/**
 * Parses a decimal such as -1.5e-3; undefined for another text, or for an exponent beyond doubles.
 */
export function parseDecimal(text: string): Decimal | undefined {
  const match = DECIMAL.exec(text);
  if (match === null) return undefined;
  const [, sign = "", whole = "", fraction = "", exponent = "0"] = match;
  if (whole.length + fraction.length === 0) return undefined;
  if (Math.abs(Number(exponent)) > EXPONENT_MAX) return undefined;
  const digits = BigInt(whole + fraction);
  return { digits: sign === "-" ? -digits : digits, exponent: Number(exponent) - fraction.length };
}

/** Returns a + b. */
export function add(a: Decimal, b: Decimal): Decimal {
  const exponent = Math.min(a.exponent, b.exponent);
  return { digits: digitsAt(a, exponent) + digitsAt(b, exponent), exponent };
}

/** Returns a b. */
export function multiply(a: Decimal, b: Decimal): Decimal {
  return { digits: a.digits * b.digits, exponent: a.exponent + b.exponent };
}

/** Returns -a. */
export function negate({ digits, exponent }: Decimal): Decimal {
  return { digits: -digits, exponent };
}

/** Returns a number below, equal to or above 0, as a is below, equal to or above b. */
export function compare(a: Decimal, b: Decimal): number {
  const { digits } = add(a, negate(b));
  return digits === 0n ? 0 : digits > 0n ? 1 : -1;
}

/** Returns the number nearest to a decimal. */
export function numberOf({ digits, exponent }: Decimal): number {
  return Number(`${digits}e${exponent}`);
}

/** Returns the digits of a decimal with another, smaller or equal exponent. */
export function digitsAt({ digits, exponent }: Decimal, smaller: number): bigint {
  return digits === 0n ? 0n : digits * 10n ** BigInt(exponent - smaller);
}
