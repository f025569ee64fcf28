// The search for points of a region with certain properties.

import { createRandom } from "../../../random/random.js";
import { narrowedRanges } from "../../../space/constraint/bounds.js";
import type { LinearConstraint } from "../../../space/constraint/linear-constraint.js";
import type { Region } from "../../../space/constraint/region.js";
import { isContinuous } from "../../../space/discrete.js";
import type { Parameter, ParameterValue, ParameterValues } from "../../../space/parameter.js";
import { firstPoint } from "../../../space/sampling/narrow-sampling.js";

/** A linear function of numeric parameters: coefficients by name. */
export type Objective = Readonly<Record<string, number>>;

/** Halvings of the interval in which the largest value of an objective lies. */
const HALVINGS = 24;

/** Values that one search tries. A search that finds nothing takes some milliseconds. */
const TRIES_MAX = 1_000;

/** Searches for points of regions, up to a number of searches. */
export class RegionSearch {
  #searchesLeft: number;

  /** @param searchesMax - searches after which no point is found any more */
  constructor(searchesMax: number) {
    this.#searchesLeft = searchesMax;
  }

  /** Returns a point of a region with given values; undefined if the search finds none. */
  pointWith(region: Region, values: ParameterValues): ParameterValues | undefined {
    return this.#anyPoint(withFixed(region, values));
  }

  /**
   * Returns a point of a region at which an objective is as large as possible, up to a step of its
   * parameters or 2^-24 of its range; undefined if the search finds no point.
   */
  largestAt(region: Region, objective: Objective): ParameterValues | undefined {
    let best = this.#anyPoint(region);
    if (best === undefined) return undefined;
    let [reached, bound] = [valueAt(objective, best), upperBound(region, objective)];
    const resolution = resolutionOf(region, objective);
    for (let i = 0; i < HALVINGS && bound - reached > resolution; i++) {
      // The bound itself first: without constraints on the parameters it is reached.
      const target = i === 0 ? bound : (reached + bound) / 2;
      const better = this.#anyPoint(withConstraint(region, atLeast(objective, target)));
      if (better === undefined) bound = target;
      else [best, reached] = [better, Math.max(reached, valueAt(objective, better))];
    }
    return best;
  }

  #anyPoint(region: Region): ParameterValues | undefined {
    if (this.#searchesLeft <= 0) return undefined;
    this.#searchesLeft -= 1;
    // The seed decides only where the search starts.
    return narrowedRanges(region) === undefined ? undefined : firstPoint(region, createRandom(0), TRIES_MAX);
  }
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

/**
 * Returns the smallest difference of an objective's values that matters: less than any step if all
 * its parameters have steps on a linear scale, else 0.
 */
function resolutionOf({ space }: Region, objective: Objective): number {
  const steps = Object.keys(objective).map((name) => {
    const parameter = space[name] as Parameter;
    if (parameter.type !== "integer" && parameter.type !== "double") return 0;
    return isContinuous(parameter) || parameter.factor !== undefined ? 0 : (parameter.step ?? 0);
  });
  return Math.min(...steps) * (1 - 1e-9);
}
