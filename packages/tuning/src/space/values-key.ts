import type { ParameterValues, SearchSpace } from "./parameter.js";

/**
 * A text that two sets of values of one space share exactly if they are equal, in whatever order their names stand.
 */
export function valuesKey(space: SearchSpace, values: ParameterValues): string {
  return JSON.stringify(Object.keys(space).map((name) => values[name]));
}
