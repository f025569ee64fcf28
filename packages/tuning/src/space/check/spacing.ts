// Rules between the fields of a numeric parameter: its range, and the spacing of its values.

import { add, decimalOf, digitsAt, negate } from "../decimal.js";
import { stepCount } from "../discrete.js";
import type { Parameter } from "../parameter.js";

/** Upper limit of values of a numeric parameter. A finer grid is in effect a continuous range. */
const STEPS_MAX = 1e9;

/** The fields of an unchecked parameter; each may be missing or invalid. */
export interface Given {
  readonly type?: string;
  readonly min?: number;
  readonly max?: number;
  readonly scale?: string;
  readonly step?: number | undefined;
  readonly factor?: number | undefined;
}

/** Returns true if the minimum suits the scale, or is no number. */
export function isPositiveOnLog({ min, scale }: Given): boolean {
  return scale === undefined || scale === "linear" || !areFinite(min) || (min as number) > 0;
}

/** Refuses `factor` together with `step`. An integer's default step of 1 does not count. */
export function hasOneSpacing({ type, step, factor, scale }: Given): boolean {
  const hasStep = step !== undefined && !(type === "integer" && step === 1);
  return factor === undefined || (!hasStep && scale !== "linear");
}

/** Largest error of a number of steps, relative to it, that comes from rounded doubles. */
const COUNT_ROUNDING = 1e-13;
/** The same for a power of a factor, whose logarithms round too. */
const POWER_ROUNDING = 1e-9;

/** Returns true if the maximum is a value. */
export function isWholeNumberOfSteps(given: Given): boolean {
  if (!hasSteps(given)) return true;
  if (isExactlyWhole(given)) return true;
  const count = stepsOf(given);
  const rounding = given.factor === undefined ? COUNT_ROUNDING : POWER_ROUNDING;
  return Math.abs(count - Math.round(count)) <= rounding * Math.max(1, count);
}

/** Returns true if the decimals of minimum and maximum are whole steps apart. */
function isExactlyWhole({ min = 0, max = 0, step = 1, factor }: Given): boolean {
  if (factor !== undefined) return false;
  const [distance, unit] = [add(decimalOf(max), negate(decimalOf(min))), decimalOf(step)];
  const exponent = Math.min(distance.exponent, unit.exponent);
  return digitsAt(distance, exponent) % digitsAt(unit, exponent) === 0n;
}

/** Returns true if the values can be counted. */
export function hasFewSteps(given: Given): boolean {
  return !hasSteps(given) || stepsOf(given) < STEPS_MAX;
}

/** Returns true if the fields give a range of more than one value with a valid spacing. */
function hasSteps(given: Given): boolean {
  const { min, max, step, factor } = given;
  if (!areFinite(min, max) || (min as number) >= (max as number)) return false;
  return factor === undefined ? areFinite(step) && (step as number) > 0 : factor > 1 && isPositiveOnLog(given);
}

function stepsOf(given: Given): number {
  return stepCount(given as Parameter & { type: "double" });
}

/** Describes a range whose values can be counted. */
export function fewSteps(given: Given): string {
  const count = formatted(Math.floor(stepsOf(given)) + 1);
  const advice = "a larger step or a factor; or type double without a step, which has every number of the range";
  return `a range of at most ${formatted(STEPS_MAX)} values, this one has ${count}: ${advice}`;
}

function formatted(count: number): string {
  return Number.isFinite(count) ? count.toLocaleString("en-US") : "more than can be counted";
}

/** Smallest distance of neighbouring values, in distances of neighbouring doubles there. */
const STEP_DISTANCE_MIN = 2;
/** The same for powers of a factor, whose rounding is larger. */
const POWER_DISTANCE_MIN = 16;

/** Refuses steps so small that several values are the same number, or are not told apart safely. */
export function hasDistinctValues(given: Given): boolean {
  if (!hasSteps(given)) return true;
  const { distance, place } = closestValues(given);
  const least = given.factor === undefined ? STEP_DISTANCE_MIN : POWER_DISTANCE_MIN;
  return distance >= least * spacingOf(place);
}

/** Returns the smallest distance of neighbouring values, and where it is. */
function closestValues(given: Given): { readonly distance: number; readonly place: number } {
  const { min = 0, max = 0, step = 0, factor, scale } = given;
  const largest = Math.max(Math.abs(min), Math.abs(max));
  if (factor === undefined) return { distance: step, place: largest };
  const distance = min * (factor - 1);
  return { distance, place: scale === "reverse-log" ? largest : min };
}

/** Returns the distance of neighbouring doubles. */
function spacingOf(value: number): number {
  return Math.max(Number.MIN_VALUE, Math.abs(value) * Number.EPSILON);
}

/** Describes the spacing that doubles need. */
export function distinctValues(given: Given): string {
  const { distance, place } = closestValues(given);
  return `values that can be told apart: near ${place}, ${distance} is too small a distance for double precision`;
}

/** Describes the maxima that are values. */
export function wholeSteps({ step, factor }: Given): string {
  return factor === undefined
    ? `min plus a whole number of steps of ${step ?? 1}`
    : `min times a whole power of ${factor}`;
}

/** Returns true if all values are finite numbers. */
export function areFinite(...values: readonly unknown[]): boolean {
  return values.every((value) => typeof value === "number" && Number.isFinite(value));
}
