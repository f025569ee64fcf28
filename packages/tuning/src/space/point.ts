// Points of the unit cube for whole spaces: one coordinate for each parameter, in the space's order.

import { activeValues } from "./conditions.js";
import type { ParameterValue, ParameterValues, SearchSpace } from "./parameter.js";
import { coordinateOf, neutralCoordinate, valueAt } from "./unit-cube.js";

/** The values that a point stands for; coordinates of inactive parameters mean nothing. */
export function valuesAt(space: SearchSpace, point: ArrayLike<number>): ParameterValues {
  const all = Object.entries(space).map(
    ([name, parameter], i) => [name, valueAt(parameter, point[i] as number)] as const,
  );
  return activeValues(space, Object.fromEntries(all));
}

/** The point that stands for the values; an inactive parameter has the coordinate of its default, else the middle. */
export function pointOf(space: SearchSpace, values: ParameterValues): Float64Array {
  return Float64Array.from(Object.entries(space), ([name, parameter]) =>
    Object.hasOwn(values, name)
      ? coordinateOf(parameter, values[name] as ParameterValue)
      : neutralCoordinate(parameter),
  );
}
