// Bounds that constraints put on the other parameters once some parameters have values.

import { conditionsOf } from "../conditions.js";
import type { Parameter, SearchSpace } from "../parameter.js";
import { type LinearConstraint, type RoundedSum, roundedSum } from "./linear-constraint.js";
import type { Region } from "./region.js";

/** The closed interval [low, high]; empty if low > high. */
export interface Interval {
  readonly low: number;
  readonly high: number;
}

/** A partial choice of values: decided parameters have a value, open ones a range. */
export interface Choice {
  readonly region: Region;
  /**
   * Values of decided parameters, by name. A numeric one neither here nor in `open` is inactive.
   */
  readonly values: Readonly<Record<string, unknown>>;
  /** Ranges of open numeric parameters, by name. */
  readonly open: ReadonlyMap<string, Interval>;
}

/** Returns the interval from the least to the largest value; undefined if a value is no number. */
export function rangeOf(parameter: Parameter): Interval | undefined {
  if (parameter.type === "double" || parameter.type === "integer") return { low: parameter.min, high: parameter.max };
  if (parameter.type === "boolean") return undefined;
  const values = parameter.type === "fixed" ? [parameter.value] : parameter.values;
  if (!values.every((value) => typeof value === "number")) return undefined;
  return { low: Math.min(...values), high: Math.max(...values) };
}

/** Returns the ranges of all numeric parameters, by name. */
export function rangesOf(space: SearchSpace): Map<string, Interval> {
  const ranges = new Map<string, Interval>();
  for (const [name, parameter] of Object.entries(space)) {
    const range = rangeOf(parameter);
    if (range !== undefined) ranges.set(name, range);
  }
  return ranges;
}

/**
 * Returns false if no values of the open parameters fulfil this one constraint. True within the
 * error of rounding.
 */
export function canHold(constraint: LinearConstraint, choice: Choice): boolean {
  const { value, error } = excess(constraint, choice);
  return !(value > error);
}

/**
 * Returns the part of a range that the constraints leave to a parameter, widened by the error of
 * rounding. Every number outside breaks a constraint, whatever values the open parameters get.
 */
export function intervalOf(name: string, range: Interval, choice: Choice): Interval {
  let { low, high } = range;
  for (const constraint of choice.region.constraints ?? []) {
    const coefficient = constraint.terms[name];
    if (coefficient === undefined || !Object.hasOwn(constraint.terms, name)) continue;
    const { value, error } = excess(constraint, choice, name);
    const bound = (error - value) / coefficient;
    const widened = bound + Math.sign(coefficient) * BOUND_ROUNDING * Math.abs(bound);
    if (coefficient > 0) high = Math.min(high, widened);
    else low = Math.max(low, widened);
  }
  return { low, high };
}

/**
 * Narrows the ranges of always active parameters by the constraints until no range changes.
 *
 * @returns undefined if the constraints leave an empty range or cannot hold: the region has no
 * point.
 *   Non-empty ranges do not prove that the region has a point.
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

/**
 * Upper limit of rounds. Chains of parameters need a few rounds; some ranges shrink without end.
 */
const ROUNDS_MAX = 100;

/** Relative error of a quotient and a sum in double precision, with room. */
const BOUND_ROUNDING = 2 ** -50;

/**
 * Returns the least possible sum of a constraint's terms, except the term of `without`, minus the
 * limit; -Infinity if one of the parameters is or may be inactive, since the constraint then holds.
 */
function excess(constraint: LinearConstraint, { region, values, open }: Choice, without?: string): RoundedSum {
  const summands = [-constraint.limit];
  for (const [name, coefficient] of Object.entries(constraint.terms)) {
    if (name === without) continue;
    if (Object.hasOwn(values, name)) {
      summands.push(coefficient * (values[name] as number));
      continue;
    }
    const range = open.get(name);
    const mayBeInactive = conditionsOf(region.space[name] as Parameter).length > 0;
    if (range === undefined || mayBeInactive) return { value: Number.NEGATIVE_INFINITY, error: 0 };
    summands.push(coefficient * (coefficient > 0 ? range.low : range.high));
  }
  return roundedSum(summands);
}
