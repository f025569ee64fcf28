// The search for an allowed point at which a plan has a finding that screening met at a point that
// the constraints forbid.

import { rangeOf } from "../../../space/constraint/bounds.js";
import { isInRegion, type Region } from "../../../space/constraint/region.js";
import { cardinality, discreteValue, indexOf, isContinuous } from "../../../space/discrete.js";
import type { Parameter, ParameterValue, ParameterValues } from "../../../space/parameter.js";
import type { Finding } from "../../../validation/problems.js";
import { type Objective, type RegionSearch, withFixed } from "./region-search.js";
import type { ScreeningPoint } from "./screening-points.js";

/** A finding at a point that the constraints may forbid. */
export interface Suspicion {
  readonly point: ScreeningPoint;
  readonly finding: Finding;
}

/** Parameters that decide on the plan's form: their values must not change in the search. */
type Deciding = ReadonlyMap<string, unknown>;

/** Extreme points of which the midpoints are tried. */
const MIDPOINTS_OF_MAX = 12;

/** Values of a stepped parameter that are tried in place of one that the constraints forbid. */
const TRIED_MAX = 16;

/**
 * Yields points of a region at which a suspicion may be true, in this order:
 *
 * - points with all values of the group,
 * - points with the value of the finding's parameter,
 * - points at which a parameter of the group, or the difference of two, is largest or smallest,
 * - for sizes, midpoints of these.
 */
export function* witnesses(
  search: RegionSearch,
  region: Region,
  { suspicion, deciding }: { readonly suspicion: Suspicion; readonly deciding: Deciding },
): Generator<ParameterValues> {
  const { values, group } = suspicion.point;
  const named = (names: readonly string[]) =>
    Object.fromEntries(Object.entries(values).filter(([name]) => names.includes(name)));
  const form = named(group.filter((name) => deciding.has(name)));
  for (const fixed of [named(group), ...referenceValues(region, suspicion).map((value) => ({ ...form, ...value }))]) {
    const point = search.pointWith(region, fixed);
    if (point !== undefined) yield point;
  }
  const narrowed = withFixed(region, form);
  const extremes: ParameterValues[] = [];
  for (const objective of objectivesOf(region, suspicion, deciding)) {
    const point = search.largestAt(narrowed, objective);
    if (point === undefined || !isInRegion(region, point)) continue;
    extremes.push(point);
    yield point;
  }
  if (suspicion.finding.reference === undefined) yield* midpoints(region, extremes.slice(0, MIDPOINTS_OF_MAX));
}

/**
 * Yields the points of a region halfway between two others. The sizes of two layers of a given sum
 * have their largest product there.
 */
function* midpoints(region: Region, points: readonly ParameterValues[]): Generator<ParameterValues> {
  for (const [i, a] of points.entries()) {
    for (const b of points.slice(i + 1)) {
      const middle = Object.entries(a).map(([name, value]) => {
        const other = b[name];
        const isBetween = typeof value === "number" && typeof other === "number";
        return [name, isBetween ? between(region.space[name] as Parameter, value, other) : value] as const;
      });
      const values = Object.fromEntries(middle);
      if (isInRegion(region, values)) yield values;
    }
  }
}

/** Returns the parameter's value nearest to the middle of two others. */
function between(parameter: Parameter, a: number, b: number): ParameterValue {
  const middle = (a + b) / 2;
  if (parameter.type !== "integer" && parameter.type !== "double") return a;
  return isContinuous(parameter) ? middle : discreteValue(parameter, indexOf(parameter, middle));
}

/** Returns the value of the finding's parameter, or fractions to try in place of a fraction. */
function referenceValues({ space }: Region, { point, finding }: Suspicion): ParameterValues[] {
  const { reference: name } = finding;
  if (name === undefined || !Object.hasOwn(point.values, name)) return [];
  const parameter = space[name] as Parameter;
  const value = point.values[name] as number;
  if (rangeOf(parameter) === undefined || isContinuous(parameter) || Number.isInteger(value))
    return [{ [name]: value }];
  const count = Math.min(cardinality(parameter), 4 * TRIED_MAX);
  const all = Array.from({ length: count }, (_, i) => discreteValue(parameter, i));
  const fractions = all.filter((other) => !Number.isInteger(other)).slice(0, TRIED_MAX);
  return fractions.map((other) => ({ [name]: other }));
}

/** Returns the linear functions whose extremes decide, with both signs. */
function objectivesOf({ space }: Region, { point, finding }: Suspicion, deciding: Deciding): Objective[] {
  const isFree = (name: string) =>
    Object.hasOwn(point.values, name) && !deciding.has(name) && rangeOf(space[name] as Parameter) !== undefined;
  const names = point.group.filter(isFree);
  // A finding without a parameter of its own is about the sizes of all layers together.
  if (finding.reference === undefined) return sums(names);
  const pairs = names.flatMap((a, i) => names.slice(i + 1).map((b): Objective => ({ [a]: 1, [b]: -1 })));
  const single = names.map((name): Objective => ({ [name]: 1 }));
  return [...single, ...pairs].flatMap((objective) => [objective, negated(objective)]);
}

/** Returns the sum of parameters, and sums in which one of them counts twice. */
function sums(names: readonly string[]): Objective[] {
  return [undefined, ...names].map((twice) => Object.fromEntries(names.map((name) => [name, name === twice ? 2 : 1])));
}

function negated(objective: Objective): Objective {
  return Object.fromEntries(Object.entries(objective).map(([name, coefficient]) => [name, -coefficient]));
}
