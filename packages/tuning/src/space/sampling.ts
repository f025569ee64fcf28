import type { Random } from "../random/random.js";
import type { ParameterValues, SearchSpace } from "./parameter.js";
import { valueAt } from "./unit-cube.js";

/** Draws every parameter on its own, in the space's order, one uniform number each. */
export function sampleValues(space: SearchSpace, random: Random): ParameterValues {
  return Object.fromEntries(
    Object.entries(space).map(([name, parameter]) => [name, valueAt(parameter, random.uniform())]),
  );
}
