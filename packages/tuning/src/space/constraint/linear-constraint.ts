import { add, type Decimal, decimalOf, multiply, negate, ZERO } from "../decimal.js";
import type { ParameterValues } from "../parameter.js";

/**
 * A linear inequality: sum of terms[name] * values[name] <= limit, or < limit if strict. All
 * numbers stand for their shortest decimals, and the inequality is decided with these.
 */
export interface LinearConstraint {
  /** Coefficient of each parameter, by name; never 0. */
  readonly terms: Readonly<Record<string, number>>;
  readonly limit: number;
  /** True for <, false for <=. */
  readonly isStrict: boolean;
  /** Coefficients and limit where numbers would round them. @default those of `terms`, `limit` */
  readonly exact?: ExactConstraint;
}

/** The numbers of a constraint as exact decimals. */
export interface ExactConstraint {
  readonly terms: Readonly<Record<string, Decimal>>;
  readonly limit: Decimal;
}

/**
 * Returns whether values fulfil every constraint. A constraint with an inactive parameter holds.
 */
export function isAllowed(constraints: readonly LinearConstraint[], values: ParameterValues): boolean {
  return constraints.every((constraint) => isFulfilled(constraint, values));
}

/**
 * Largest relative error of a sum of products in double precision, per summand. Each product and
 * each addition round once, by at most 2^-53; decimals themselves round by as much.
 */
const ROUNDING = 2 ** -50;

/** A sum in double precision and the largest error that rounding can have caused. */
export interface RoundedSum {
  readonly value: number;
  readonly error: number;
}

/** Adds summands and bounds the error. */
export function roundedSum(summands: readonly number[]): RoundedSum {
  let [value, magnitude] = [0, 0];
  for (const summand of summands) {
    value += summand;
    magnitude += Math.abs(summand);
  }
  return { value, error: ROUNDING * (summands.length + 1) * magnitude };
}

/** Returns the exact numbers of a constraint. */
export function exactOf({ terms, limit, exact }: LinearConstraint): ExactConstraint {
  if (exact !== undefined) return exact;
  const entries = Object.entries(terms).map(([name, coefficient]) => [name, decimalOf(coefficient)] as const);
  return { terms: Object.fromEntries(entries), limit: decimalOf(limit) };
}

/** Decides by the sum in double precision where its error allows that, else by the exact sum. */
function isFulfilled(constraint: LinearConstraint, values: ParameterValues): boolean {
  const summands = [-constraint.limit];
  for (const [name, coefficient] of Object.entries(constraint.terms)) {
    if (!Object.hasOwn(values, name)) return true;
    summands.push(coefficient * (values[name] as number));
  }
  const { value, error } = roundedSum(summands);
  if (Math.abs(value) > error && Number.isFinite(value)) return value < 0;
  const excess = exactExcess(constraint, values);
  return constraint.isStrict ? excess < 0n : excess <= 0n;
}

/** Returns the sum of the terms minus the limit, in a unit below every digit. */
function exactExcess(constraint: LinearConstraint, values: ParameterValues): bigint {
  const { terms, limit } = exactOf(constraint);
  const products = Object.entries(terms).map(([name, coefficient]) =>
    multiply(coefficient, decimalOf(values[name] as number)),
  );
  return [...products, negate(limit)].reduce(add, ZERO).digits;
}
