// The search for points of a region with certain properties.

import { createRandom } from "../../../random/random.js";
import { narrowedRanges } from "../../../space/constraint/bounds.js";
import type { LinearConstraint } from "../../../space/constraint/linear-constraint.js";
import type { Region } from "../../../space/constraint/region.js";
import type { Parameter, ParameterValue, ParameterValues } from "../../../space/parameter.js";
import { firstPoint } from "../../../space/sampling/narrow-sampling.js";

/** A linear function of numeric parameters: coefficients by name. */
export type Objective = Readonly<Record<string, number>>;

/** Halvings of the interval in which the largest value of an objective lies. */
const HALVINGS = 24;

/** Returns a point of a region with given values; undefined if the search finds none. */
export function pointWith(region: Region, values: ParameterValues): ParameterValues | undefined {
  return anyPoint(withFixed(region, values));
}

/**
 * Returns a point of a region at which an objective is as large as possible, up to 2^-24 of its
 * range; undefined if the search finds no point.
 */
export function largestAt(region: Region, objective: Objective): ParameterValues | undefined {
  let best = anyPoint(region);
  if (best === undefined) return undefined;
  let [reached, bound] = [valueAt(objective, best), upperBound(region, objective)];
  for (let i = 0; i < HALVINGS && bound > reached; i++) {
    const target = i === 0 ? bound : (reached + bound) / 2;
    const better = anyPoint(withConstraint(region, atLeast(objective, target)));
    if (better === undefined) bound = target;
    else [best, reached] = [better, Math.max(reached, valueAt(objective, better))];
    if (better !== undefined && i === 0) break;
  }
  return best;
}

/** Returns a region in which parameters have fixed values. */
export function withFixed({ space, constraints = [] }: Region, values: ParameterValues): Region {
  const fixed = Object.entries(space).map(([name, parameter]): [string, Parameter] => [
    name,
    Object.hasOwn(values, name) ? fixedAt(parameter, values[name] as ParameterValue) : parameter,
  ]);
  return { space: Object.fromEntries(fixed), constraints };
}

function fixedAt({ when }: Parameter, value: ParameterValue): Parameter {
  return { type: "fixed", value, ...(when === undefined ? {} : { when }) };
}

function anyPoint(region: Region): ParameterValues | undefined {
  // The seed decides only where the search starts.
  return narrowedRanges(region) === undefined ? undefined : firstPoint(region, createRandom(0));
}

function withConstraint({ space, constraints = [] }: Region, constraint: LinearConstraint): Region {
  return { space, constraints: [...constraints, constraint] };
}

/** Rewrites objective >= target as terms <= limit. */
function atLeast(objective: Objective, target: number): LinearConstraint {
  const terms = Object.entries(objective).map(([name, coefficient]) => [name, -coefficient] as const);
  return { terms: Object.fromEntries(terms), limit: -target, isStrict: false };
}

/** Returns the objective's value; parameters that are inactive count as 0. */
function valueAt(objective: Objective, values: ParameterValues): number {
  return Object.entries(objective).reduce(
    (sum, [name, coefficient]) => sum + coefficient * (Object.hasOwn(values, name) ? (values[name] as number) : 0),
    0,
  );
}

function upperBound(region: Region, objective: Objective): number {
  const ranges = narrowedRanges(region);
  return Object.entries(objective).reduce((sum, [name, coefficient]) => {
    const range = ranges?.get(name);
    if (range === undefined) return sum;
    return sum + coefficient * (coefficient > 0 ? range.high : range.low);
  }, 0);
}
