// The search for an allowed point at which a plan has a finding that screening met at a point that
// the constraints forbid.

import { rangeOf } from "../../../space/constraint/bounds.js";
import { isInRegion, type Region } from "../../../space/constraint/region.js";
import { cardinality, discreteValue, isContinuous } from "../../../space/discrete.js";
import type { Parameter, ParameterValues } from "../../../space/parameter.js";
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

/** Values of a stepped parameter that are tried in place of one that the constraints forbid. */
const TRIED_MAX = 16;

/**
 * Yields points of a region at which a suspicion may be true: those with all values of the group,
 * those with the value of the finding's parameter, and those at which a parameter of the group, or
 * the difference of two, is largest or smallest.
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
  for (const objective of objectivesOf(region, suspicion, deciding)) {
    const point = search.largestAt(narrowed, objective);
    if (point !== undefined && isInRegion(region, point)) yield point;
  }
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
  const pairs = names.flatMap((a, i) => names.slice(i + 1).map((b): Objective => ({ [a]: 1, [b]: -1 })));
  const single = names.map((name): Objective => ({ [name]: 1 }));
  // The sizes of layers together, for a finding without a parameter of its own.
  const sum = finding.reference === undefined ? [Object.fromEntries(names.map((name) => [name, 1]))] : [];
  return [...single, ...pairs, ...sum].flatMap((objective) => [objective, negated(objective)]);
}

function negated(objective: Objective): Objective {
  return Object.fromEntries(Object.entries(objective).map(([name, coefficient]) => [name, -coefficient]));
}
