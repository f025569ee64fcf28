// What constraints leave open once some parameters have values.

import { conditionsOf } from "../conditions.js";
import type { Parameter, SearchSpace } from "../parameter.js";
import { isWithin, type LinearConstraint } from "./linear-constraint.js";
import type { Region } from "./region.js";

/** A closed range of numbers; empty if `low` is above `high`. */
export interface Interval {
  readonly low: number;
  readonly high: number;
}

/** Values of some parameters, each a number from a range: of a single number once the parameter is decided. */
export interface Choice {
  readonly region: Region;
  /** By name; a parameter that is neither here nor in `open` is inactive. */
  readonly values: Readonly<Record<string, unknown>>;
  /** Ranges of parameters that are not decided yet. */
  readonly open: ReadonlyMap<string, Interval>;
}

/** The numbers from the least to the largest value; undefined for a parameter that is not numeric. */
export function rangeOf(parameter: Parameter): Interval | undefined {
  if (parameter.type === "double" || parameter.type === "integer") return { low: parameter.min, high: parameter.max };
  if (parameter.type === "boolean") return undefined;
  const values = parameter.type === "fixed" ? [parameter.value] : parameter.values;
  if (!values.every((value) => typeof value === "number")) return undefined;
  return { low: Math.min(...values), high: Math.max(...values) };
}

/** Ranges of all numeric parameters. */
export function rangesOf(space: SearchSpace): Map<string, Interval> {
  const ranges = new Map<string, Interval>();
  for (const [name, parameter] of Object.entries(space)) {
    const range = rangeOf(parameter);
    if (range !== undefined) ranges.set(name, range);
  }
  return ranges;
}

/** Whether the open parameters could still be chosen so that the constraint holds, were it the only one. */
export function canHold(constraint: LinearConstraint, choice: Choice): boolean {
  return isWithin(constraint, leastSum(constraint, choice));
}

/** The part of a range that constraints leave to a parameter, whatever the open parameters turn out to be. */
export function intervalOf(name: string, range: Interval, choice: Choice): Interval {
  let { low, high } = range;
  for (const constraint of choice.region.constraints ?? []) {
    const coefficient = constraint.terms[name];
    if (coefficient === undefined || !Object.hasOwn(constraint.terms, name)) continue;
    const bound = (constraint.limit - leastSum(constraint, choice, name)) / coefficient;
    if (coefficient > 0) high = Math.min(high, bound);
    else low = Math.max(low, bound);
  }
  return { low, high };
}

/**
 * Narrows the ranges of always active parameters by each other until nothing changes.
 *
 * @returns undefined if a range becomes empty: the region has no point. Ranges that are not may still have none.
 */
export function narrowedRanges(region: Region): ReadonlyMap<string, Interval> | undefined {
  const open = rangesOf(region.space);
  for (let round = 0; round < ROUNDS_MAX; round++) {
    let isChanged = false;
    for (const [name, range] of open) {
      if (conditionsOf(region.space[name] as Parameter).length > 0) continue;
      const { low, high } = intervalOf(name, range, { region, values: {}, open });
      if (low > high) return undefined;
      isChanged ||= low > range.low || high < range.high;
      open.set(name, { low, high });
    }
    if (!isChanged) break;
  }
  return (region.constraints ?? []).every((constraint) => canHold(constraint, { region, values: {}, open }))
    ? open
    : undefined;
}

/** Enough for chains of a few parameters; ranges may shrink towards their limit for ever. */
const ROUNDS_MAX = 100;

/** The least that the sum of a constraint can still become; -Infinity where it may come to demand nothing. */
function leastSum(constraint: LinearConstraint, { region, values, open }: Choice, without?: string): number {
  let sum = 0;
  for (const [name, coefficient] of Object.entries(constraint.terms)) {
    if (name === without) continue;
    if (Object.hasOwn(values, name)) {
      sum += coefficient * (values[name] as number);
      continue;
    }
    const range = open.get(name);
    const mayBeInactive = conditionsOf(region.space[name] as Parameter).length > 0;
    if (range === undefined || mayBeInactive) return Number.NEGATIVE_INFINITY;
    sum += coefficient * (coefficient > 0 ? range.low : range.high);
  }
  return sum;
}
