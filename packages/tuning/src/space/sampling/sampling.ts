import type { Random } from "../../random/random.js";
import { activeValues } from "../conditions.js";
import { isInRegion, type Region } from "../constraint/region.js";
import type { ParameterValues, SearchSpace } from "../parameter.js";
import { valueAt } from "../unit-cube.js";
import { narrowPoint } from "./narrow-sampling.js";

/**
 * Draws from the whole space before the region counts as too small for rejection sampling. A region
 * that is 1 % of the space is missed with probability 0.99^1000 = 4e-5.
 */
const DRAWS_MAX = 1_000;

/**
 * Draws values with one uniform number per parameter, in the space's order; drops inactive ones.
 */
export function sampleValues(space: SearchSpace, random: Random): ParameterValues {
  const drawn = Object.entries(space).map(([name, parameter]) => [name, valueAt(parameter, random.uniform())] as const);
  return activeValues(space, Object.fromEntries(drawn));
}

/**
 * Draws a point of a region by rejection sampling with `sampleValues`. Falls back to `narrowPoint`
 * if no draw lies in the region.
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
