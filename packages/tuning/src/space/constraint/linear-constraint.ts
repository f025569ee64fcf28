import type { ParameterValues } from "../parameter.js";

/** A linear inequality: sum of terms[name] * values[name] <= limit, or < limit if strict. */
export interface LinearConstraint {
  /** Coefficient of each parameter, by name; never 0. */
  readonly terms: Readonly<Record<string, number>>;
  readonly limit: number;
  /** True for <, false for <=. */
  readonly isStrict: boolean;
}

/**
 * Returns whether values fulfil every constraint. A constraint with an inactive parameter holds.
 */
export function isAllowed(constraints: readonly LinearConstraint[], values: ParameterValues): boolean {
  return constraints.every((constraint) => isFulfilled(constraint, values));
}

/** Returns whether a sum is within a constraint's limit. */
export function isWithin({ limit, isStrict }: LinearConstraint, sum: number): boolean {
  return isStrict ? sum < limit : sum <= limit;
}

function isFulfilled(constraint: LinearConstraint, values: ParameterValues): boolean {
  let sum = 0;
  for (const [name, coefficient] of Object.entries(constraint.terms)) {
    if (!Object.hasOwn(values, name)) return true;
    sum += coefficient * (values[name] as number);
  }
  return isWithin(constraint, sum);
}
