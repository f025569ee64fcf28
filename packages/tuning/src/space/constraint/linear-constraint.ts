import type { ParameterValues } from "../parameter.js";

/** A demand on several parameters at once: the sum of coefficient times value stays within a limit. */
export interface LinearConstraint {
  /** Coefficients by name of the parameter; none is 0. */
  readonly terms: Readonly<Record<string, number>>;
  readonly limit: number;
  /** Whether the sum must stay below the limit and not reach it. */
  readonly isStrict: boolean;
}

/** Whether values fulfil every constraint. One that names an inactive parameter demands nothing. */
export function isAllowed(constraints: readonly LinearConstraint[], values: ParameterValues): boolean {
  return constraints.every((constraint) => isFulfilled(constraint, values));
}

/** Whether a sum is within a constraint's limit. */
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
