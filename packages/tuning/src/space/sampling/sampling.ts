import type { Random } from "../../random/random.js";
import { activeValues } from "../conditions.js";
import { isInRegion, type Region } from "../constraint/region.js";
import type { ParameterValues, SearchSpace } from "../parameter.js";
import { valueAt } from "../unit-cube.js";
import { narrowPoint } from "./narrow-sampling.js";

/** Draws until a region counts as too small to be met by chance: one of a hundredth is missed once in 20,000 times. */
const DRAWS_MAX = 1_000;

/** Draws every parameter on its own, in the space's order, one uniform number each; inactive ones are left out. */
export function sampleValues(space: SearchSpace, random: Random): ParameterValues {
  const drawn = Object.entries(space).map(([name, parameter]) => [name, valueAt(parameter, random.uniform())] as const);
  return activeValues(space, Object.fromEntries(drawn));
}

/**
 * Draws from a region as `sampleValues` does from its space: the first draw that lies in it, or, in a region too small
 * for that, a point that was walked to.
 *
 * @returns undefined if no point was found
 */
export function sampleRegion(region: Region, random: Random): ParameterValues | undefined {
  for (let draw = 0; draw < DRAWS_MAX; draw++) {
    const values = sampleValues(region.space, random);
    if (isInRegion(region, values)) return values;
  }
  return narrowPoint(region, random);
}
