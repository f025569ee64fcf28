import type { ParameterValues, SearchSpace } from "./parameter.js";

/**
 * Returns a key of parameter values. Two keys of one space are equal if and only if the values are
 * equal; the order of the names does not matter.
 */
export function valuesKey(space: SearchSpace, values: ParameterValues): string {
  return JSON.stringify(Object.keys(space).map((name) => (Object.hasOwn(values, name) ? values[name] : undefined)));
}
