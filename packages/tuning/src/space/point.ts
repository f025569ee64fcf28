// Points of the unit cube for whole spaces: one coordinate per parameter, in the space's order.

import { activeValues } from "./conditions.js";
import type { ParameterValue, ParameterValues, SearchSpace } from "./parameter.js";
import { coordinateOf, neutralCoordinate, valueAt } from "./unit-cube.js";

/** Returns the values at a point. The coordinates of inactive parameters have no effect. */
export function valuesAt(space: SearchSpace, point: ArrayLike<number>): ParameterValues {
  const all = Object.entries(space).map(
    ([name, parameter], i) => [name, valueAt(parameter, point[i] as number)] as const,
  );
  return activeValues(space, Object.fromEntries(all));
}

/** Returns the point of the values, with `neutralCoordinate` for each inactive parameter. */
export function pointOf(space: SearchSpace, values: ParameterValues): Float64Array {
  return Float64Array.from(Object.entries(space), ([name, parameter]) =>
    Object.hasOwn(values, name)
      ? coordinateOf(parameter, values[name] as ParameterValue)
      : neutralCoordinate(parameter),
  );
}
