// Constraints between parameters with equal steps. Let v_i = min_i + k_i step_i with whole k_i,
// and g the greatest common divisor of all c_i step_i. Then Σ c_i v_i = Σ c_i min_i + g k with a
// whole k. Two opposite constraints, such as 2x + 4y >= 5 and 2x + 4y <= 5, may leave none.

import { conditionsOf } from "../conditions.js";
import { type Decimal, decimalOf, digitsAt, multiply, negate } from "../decimal.js";
import type { DoubleParameter, IntegerParameter, Parameter, SearchSpace } from "../parameter.js";
import { exactOf, type LinearConstraint } from "./linear-constraint.js";
import type { Region } from "./region.js";

/**
 * Returns true if two opposite constraints leave no value of their sum: the region has no point.
 */
export function hasNoLatticePoint({ space, constraints = [] }: Region): boolean {
  return constraints.some((upper, i) =>
    constraints.some((lower, j) => j > i && areOpposite(upper, lower) && isGap(space, upper, lower)),
  );
}

function areOpposite(upper: LinearConstraint, lower: LinearConstraint): boolean {
  const [a, b] = [exactOf(upper).terms, exactOf(lower).terms];
  const names = Object.keys(a);
  const isNegated = (name: string) => Object.hasOwn(b, name) && isEqual(a[name] as Decimal, negate(b[name] as Decimal));
  return names.length === Object.keys(b).length && names.every(isNegated);
}

/** Returns true if no value of the sum lies between the limits. */
function isGap(space: SearchSpace, upper: LinearConstraint, lower: LinearConstraint): boolean {
  const steps = Object.entries(exactOf(upper).terms).map(([name, coefficient]) => {
    const stepped = steppedOf(space[name] as Parameter);
    return stepped && { by: multiply(coefficient, stepped.step), from: multiply(coefficient, stepped.min) };
  });
  if (!steps.every((step) => step !== undefined)) return false;
  const [high, low] = [exactOf(upper).limit, negate(exactOf(lower).limit)];
  const exponent = Math.min(
    ...steps.flatMap(({ by, from }) => [by.exponent, from.exponent]),
    high.exponent,
    low.exponent,
  );
  const units = (decimal: Decimal) => digitsAt(decimal, exponent);
  const divisor = steps.reduce((gcd, { by }) => commonDivisor(gcd, units(by)), 0n);
  const offset = steps.reduce((sum, { from }) => sum + units(from), 0n);
  const top = floorDivide(units(high) - offset - (upper.isStrict ? 1n : 0n), divisor);
  const bottom = -floorDivide(-(units(low) - offset + (lower.isStrict ? 1n : 0n)), divisor);
  return bottom > top;
}

/** Returns minimum and step of an always active parameter with equal steps. */
function steppedOf(parameter: Parameter): { readonly min: Decimal; readonly step: Decimal } | undefined {
  if (conditionsOf(parameter).length > 0) return undefined;
  if (parameter.type !== "integer" && parameter.type !== "double") return undefined;
  const { min, step, factor } = parameter as IntegerParameter | DoubleParameter;
  return factor === undefined && step !== undefined ? { min: decimalOf(min), step: decimalOf(step) } : undefined;
}

function isEqual(a: Decimal, b: Decimal): boolean {
  const exponent = Math.min(a.exponent, b.exponent);
  return digitsAt(a, exponent) === digitsAt(b, exponent);
}

function commonDivisor(a: bigint, b: bigint): bigint {
  let [large, small] = [a < 0n ? -a : a, b < 0n ? -b : b];
  while (small > 0n) [large, small] = [small, large % small];
  return large;
}

function floorDivide(a: bigint, b: bigint): bigint {
  const quotient = a / b;
  return a % b < 0n ? quotient - 1n : quotient;
}
