// Sampling from regions that are too small for rejection sampling. A backtracking search finds a
// first point: parameters get values one by one, each from the interval that the constraints leave.
// Gibbs sampling from that point then makes the result independent of the search.

import type { Random } from "../../random/random.js";
import { conditionsOf } from "../conditions.js";
import { type Choice, type Interval, intervalOf, rangeOf } from "../constraint/bounds.js";
import { exactIntervalOf } from "../constraint/exact-bounds.js";
import { isInRegion, type Region } from "../constraint/region.js";
import { discreteValue, isContinuous } from "../discrete.js";
import type { Parameter, ParameterValue, ParameterValues } from "../parameter.js";
import { coordinateOf, valueAt } from "../unit-cube.js";
import { indicesWithin, type LevelChoice, pointsOf } from "./enumeration.js";

/** Values of a discrete parameter to try before the search backtracks: about 64, evenly spaced. */
const LEVELS_MAX = 64;
/**
 * Draws of a continuous value to try before the search backtracks. Of the decimals x, one in seven
 * has a decimal y with 3x + 7y = 1.
 */
const CONTINUOUS_DRAWS = 16;
/** Values to try in all before the search gives up. */
const TRIES_MAX = 20_000;
/**
 * Significant digits of a drawn number. Other parameters can then complete an exact sum with digits
 * of their own.
 */
const DRAWN_DIGITS = 12;
/** Searches for a point in all. The draws of continuous values differ between them. */
const SEARCHES_MAX = 12;
/** Values to try in each search after the first. */
const FURTHER_TRIES_MAX = 2_000;
/** Sweeps of Gibbs sampling over all parameters that can move. */
const SWEEPS = 20;

/**
 * Draws a point of a small region: a first point, then Gibbs sampling.
 *
 * @returns undefined if none was found
 */
export function narrowPoint(region: Region, random: Random): ParameterValues | undefined {
  const first = anyPoint(region, random);
  if (first === undefined) return undefined;
  let values = first;
  const movable = Object.keys(values).filter((name) => isMovable(region, name));
  for (let sweep = 0; sweep < SWEEPS; sweep++) {
    for (const name of movable) values = moved(region, { values, name }, random);
  }
  return values;
}

/** Searches again with other draws, if the first search found nothing. */
function anyPoint(region: Region, random: Random): ParameterValues | undefined {
  const first = firstPoint(region, random);
  if (first !== undefined || !Object.values(region.space).some(isContinuous)) return first;
  for (let search = 1; search < SEARCHES_MAX; search++) {
    const point = firstPoint(region, random, FURTHER_TRIES_MAX);
    if (point !== undefined) return point;
  }
  return undefined;
}

/**
 * Returns some point of a region; undefined if the search found none. Only in a small finite space
 * does this mean that no point exists.
 *
 * @param triesMax - values to try in all
 */
export function firstPoint(region: Region, random: Random, triesMax = TRIES_MAX): ParameterValues | undefined {
  let tries = 0;
  const levels = function* (name: string, { values, open, interval }: LevelChoice) {
    const parameter = region.space[name] as Parameter;
    const allowed = isContinuous(parameter) ? allowedInterval(name, parameter, { region, values, open }) : interval;
    for (const value of valuesToTry(parameter, allowed, random)) {
      if (++tries > triesMax) return;
      yield value;
    }
  };
  for (const values of pointsOf(region, levels)) return values;
  return undefined;
}

function allowedInterval(name: string, parameter: Parameter, choice: Choice): Interval | undefined {
  const range = rangeOf(parameter);
  if (range === undefined) return undefined;
  return isContinuous(parameter) ? exactIntervalOf(name, range, choice) : intervalOf(name, range, choice);
}

/**
 * Yields values of a parameter to try. Continuous: draws from the interval, then its ends.
 * Discrete: values from a random index on, within the interval.
 */
function* valuesToTry(parameter: Parameter, interval: Interval | undefined, random: Random): Generator<ParameterValue> {
  if (isContinuous(parameter)) {
    if (interval === undefined || interval.low > interval.high) return;
    for (let draw = 0; draw < CONTINUOUS_DRAWS; draw++) yield drawn(parameter, interval, random);
    yield interval.low;
    yield interval.high;
    return;
  }
  const [first, last] = indicesWithin(parameter, interval);
  const count = last - first + 1;
  if (count < 1) return;
  const start = Math.floor(random.uniform() * count);
  const stride = Math.max(1, Math.floor(count / LEVELS_MAX));
  for (let i = 0; i < count; i += stride) {
    const value = discreteValue(parameter, first + ((start + i) % count));
    if (interval === undefined || isInside(interval, value)) yield value;
  }
}

/** Draws a value from an interval, uniformly on the parameter's scale. */
function drawn(parameter: Parameter, { low, high }: Interval, random: Random): ParameterValue {
  const [from, to] = [coordinateOf(parameter, low), coordinateOf(parameter, high)];
  const value = valueAt(parameter, from + (to - from) * random.uniform());
  if (!isContinuous(parameter)) return value;
  return Math.min(high, Math.max(low, Number((value as number).toPrecision(DRAWN_DIGITS))));
}

/**
 * Returns whether a parameter is numeric and no condition names it, so that it can change alone.
 */
function isMovable({ space }: Region, name: string): boolean {
  const isParent = Object.values(space).some((other) => conditionsOf(other).some(([parent]) => parent === name));
  return !isParent && rangeOf(space[name] as Parameter) !== undefined;
}

interface Move {
  readonly values: ParameterValues;
  readonly name: string;
}

function moved(region: Region, { values, name }: Move, random: Random): ParameterValues {
  const parameter = region.space[name] as Parameter;
  const interval = allowedInterval(name, parameter, { region, values, open: new Map() });
  if (interval === undefined || interval.low > interval.high) return values;
  const next = { ...values, [name]: drawnInside(parameter, interval, random) };
  return isInRegion(region, next) ? next : values;
}

/** Draws a value that may lie outside the interval if discrete; `moved` then keeps the point. */
function drawnInside(parameter: Parameter, interval: Interval, random: Random): ParameterValue {
  return isContinuous(parameter) || parameter.type === "integer"
    ? drawn(parameter, interval, random)
    : valueAt(parameter, random.uniform());
}

function isInside({ low, high }: Interval, value: ParameterValue): boolean {
  return (value as number) >= low && (value as number) <= high;
}
