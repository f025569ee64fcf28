// Bounds of continuous parameters as numbers whose decimals fulfil the constraints exactly.

import { conditionsOf } from "../conditions.js";
import { add, type Decimal, decimalOf, digitsAt, multiply, negate, numberOf } from "../decimal.js";
import type { Parameter } from "../parameter.js";
import type { Choice, Interval } from "./bounds.js";
import { exactOf, type LinearConstraint } from "./linear-constraint.js";

/** Significant digits of a bound that is no short decimal, such as 1/3. */
const DIGITS = 15;
/** Significant digits up to which a number keeps a decimal apart from its neighbours. */
const EXACT_DIGITS_MAX = 16;

/**
 * Returns the part of a range that the constraints leave to a parameter, its ends rounded inwards.
 * Strict constraints count as if they were not strict.
 */
export function exactIntervalOf(name: string, range: Interval, choice: Choice): Interval {
  let { low, high } = range;
  for (const constraint of choice.region.constraints ?? []) {
    if (!Object.hasOwn(constraint.terms, name)) continue;
    const rest = restOf(constraint, name, choice);
    if (rest === undefined) continue;
    const coefficient = exactOf(constraint).terms[name] as Decimal;
    if (coefficient.digits > 0n) high = Math.min(high, quotient(rest, coefficient, false));
    else low = Math.max(low, quotient(rest, coefficient, true));
  }
  return { low, high };
}

/** Returns the limit less the least sum of the other terms; undefined if one may be inactive. */
function restOf(constraint: LinearConstraint, name: string, { region, values, open }: Choice): Decimal | undefined {
  const { terms, limit } = exactOf(constraint);
  let rest = limit;
  for (const [other, coefficient] of Object.entries(terms)) {
    if (other === name) continue;
    const isDecided = Object.hasOwn(values, other);
    const range = open.get(other);
    const mayBeInactive = conditionsOf(region.space[other] as Parameter).length > 0;
    if (!isDecided && (range === undefined || mayBeInactive)) return undefined;
    const least = isDecided ? (values[other] as number) : coefficient.digits > 0n ? range?.low : range?.high;
    rest = add(rest, negate(multiply(coefficient, decimalOf(least as number))));
  }
  return rest;
}

/** Returns a / b: exact if that is a decimal of few digits, else rounded up or down. */
function quotient(a: Decimal, b: Decimal, isRoundedUp: boolean): number {
  const exponent = Math.min(a.exponent, b.exponent);
  const sign = b.digits < 0n ? -1n : 1n;
  const [dividend, divisor] = [sign * digitsAt(a, exponent), sign * digitsAt(b, exponent)];
  const size = String(dividend).length - String(divisor).length;
  const scale = BigInt(Math.max(0, EXACT_DIGITS_MAX - size));
  const scaled = dividend * 10n ** scale;
  if (scaled % divisor === 0n) {
    const exact = { digits: scaled / divisor, exponent: -Number(scale) };
    if (String(exact.digits).replace(/0+$/, "").length <= EXACT_DIGITS_MAX) return numberOf(exact);
  }
  const unit = BigInt(Math.max(0, DIGITS - size));
  const [numerator, floor] = [dividend * 10n ** unit, (dividend * 10n ** unit) / divisor];
  const isAbove = numerator % divisor > 0n;
  const isBelow = numerator % divisor < 0n;
  const digits = isRoundedUp ? floor + (isAbove ? 1n : 0n) : floor - (isBelow ? 1n : 0n);
  return numberOf({ digits, exponent: -Number(unit) });
}
