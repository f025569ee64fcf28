// The values of a finite space, counted like the digits of a number with a base for each parameter.

import type { ParameterValues, SearchSpace } from "./parameter.js";
import { cardinality, discreteValue } from "./unit-cube.js";

/** Number of different points of a space: 1 if it is empty, Infinity if a double has more than one value. */
export function spaceSize(space: SearchSpace): number {
  return Object.values(space).reduce((size, parameter) => size * cardinality(parameter), 1);
}

/**
 * One point of a finite space.
 *
 * @param index - integer from 0 to spaceSize - 1, below 2^53
 */
export function valuesAtIndex(space: SearchSpace, index: number): ParameterValues {
  let rest = index;
  return Object.fromEntries(
    Object.entries(space).map(([name, parameter]) => {
      const base = cardinality(parameter);
      const digit = rest % base;
      rest = Math.floor(rest / base);
      return [name, parameter.type === "double" ? parameter.min : discreteValue(parameter, digit)];
    }),
  );
}
