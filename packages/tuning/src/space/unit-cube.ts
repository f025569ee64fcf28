// Parameter values as numbers in [0, 1] and back. A uniform draw from [0, 1] gives a double uniform on its scale, and a
// discrete value with the probability of its bin: bins of a linear scale are equally wide, those of a log scale are as
// wide as the value's neighbourhood is on that scale.

import type {
  DoubleParameter,
  IntegerParameter,
  Parameter,
  ParameterValue,
  ParameterValues,
  SearchSpace,
} from "./parameter.js";

/** Number of different values; Infinity for a double with more than one. */
export function cardinality(parameter: Parameter): number {
  switch (parameter.type) {
    case "double":
      return parameter.min === parameter.max ? 1 : Number.POSITIVE_INFINITY;
    case "integer":
      return Math.floor((parameter.max - parameter.min) / parameter.step) + 1;
    case "categorical":
      return parameter.values.length;
    case "boolean":
      return 2;
  }
}

/**
 * The value that a coordinate stands for.
 *
 * @param coordinate - any number; below 0 counts as 0, above 1 as 1
 * @returns a value of the parameter: never beyond its ends, and its ends exactly at 0 and 1
 */
export function valueAt(parameter: Parameter, coordinate: number): ParameterValue {
  const inside = Math.min(1, Math.max(0, coordinate));
  return parameter.type === "double"
    ? doubleAt(parameter, inside)
    : discreteValue(parameter, indexAt(parameter, inside));
}

/**
 * The coordinate of a value: for a double its place on the scale, for a discrete value the middle of its bin.
 * `valueAt` turns it back into the value, for doubles up to rounding.
 *
 * @returns in [0, 1]; 0.5 if the parameter has only one value
 */
export function coordinateOf(parameter: Parameter, value: ParameterValue): number {
  if (parameter.type !== "double") return binMiddle(parameter, indexOf(parameter, value));
  if (parameter.min === parameter.max) return 0.5;
  const onScale = parameter.scale === "log" ? Math.log : identity;
  const place = fraction(onScale(Number(value)), onScale(parameter.min), onScale(parameter.max));
  return Math.min(1, Math.max(0, place));
}

/** The middle of the bin that a coordinate falls in, for discrete parameters; the coordinate itself for doubles. */
export function snap(parameter: Parameter, coordinate: number): number {
  if (parameter.type === "double") return cardinality(parameter) === 1 ? 0.5 : Math.min(1, Math.max(0, coordinate));
  return binMiddle(parameter, indexAt(parameter, Math.min(1, Math.max(0, coordinate))));
}

/** Place of a value among the values of a discrete parameter, from 0. */
export function indexOf(parameter: DiscreteParameter, value: ParameterValue): number {
  switch (parameter.type) {
    case "integer":
      return Math.round((Number(value) - parameter.min) / parameter.step);
    case "categorical":
      return parameter.values.indexOf(String(value));
    case "boolean":
      return value === true ? 1 : 0;
  }
}

/** The value of a discrete parameter at a place, from 0. */
export function discreteValue(parameter: DiscreteParameter, index: number): ParameterValue {
  switch (parameter.type) {
    case "integer":
      return Math.min(parameter.max, parameter.min + index * parameter.step);
    case "categorical":
      return parameter.values[index] as string;
    case "boolean":
      return index === 1;
  }
}

/** A parameter with finitely many values. */
export type DiscreteParameter = Exclude<Parameter, DoubleParameter>;

/** The values that a point of the unit cube stands for; one coordinate for each parameter in the space's order. */
export function valuesAt(space: SearchSpace, point: ArrayLike<number>): ParameterValues {
  return Object.fromEntries(
    Object.entries(space).map(([name, parameter], i) => [name, valueAt(parameter, point[i] as number)]),
  );
}

/** The point of the unit cube that stands for the values. */
export function pointOf(space: SearchSpace, values: ParameterValues): Float64Array {
  const entries = Object.entries(space);
  return Float64Array.from(entries, ([name, parameter]) => coordinateOf(parameter, values[name] as ParameterValue));
}

function doubleAt({ min, max, scale }: DoubleParameter, coordinate: number): number {
  if (coordinate === 0) return min;
  if (coordinate === 1) return max;
  const value =
    scale === "log" ? Math.exp(between(Math.log(min), Math.log(max), coordinate)) : between(min, max, coordinate);
  return Math.min(max, Math.max(min, value));
}

function indexAt(parameter: DiscreteParameter, coordinate: number): number {
  const count = cardinality(parameter);
  if (!isLog(parameter)) return Math.min(count - 1, Math.floor(coordinate * count));
  const [low, high] = logEnds(parameter);
  const value = Math.exp(between(low, high, coordinate));
  return Math.min(count - 1, Math.max(0, Math.round((value - parameter.min) / parameter.step)));
}

function binMiddle(parameter: DiscreteParameter, index: number): number {
  const count = cardinality(parameter);
  if (count === 1) return 0.5;
  if (!isLog(parameter)) return (index + 0.5) / count;
  const [low, high] = logEnds(parameter);
  const value = parameter.min + index * parameter.step;
  const start = Math.max(low, Math.log(Math.max(value - parameter.step / 2, Number.MIN_VALUE)));
  const end = Math.min(high, Math.log(value + parameter.step / 2));
  return fraction((start + end) / 2, low, high);
}

function isLog(parameter: DiscreteParameter): parameter is IntegerParameter {
  return parameter.type === "integer" && parameter.scale === "log";
}

/** Logarithms of the outer edges of the first and the last bin; the first edge stays positive however large the step. */
function logEnds({ min, max, step }: IntegerParameter): [low: number, high: number] {
  return [Math.log(Math.max(min - step / 2, min / 2)), Math.log(max + step / 2)];
}

/** Cannot overflow, whatever the ends. */
function between(start: number, end: number, share: number): number {
  return start * (1 - share) + end * share;
}

/** How far `value` is on the way from start to end. Halves where the difference of the ends would overflow. */
function fraction(value: number, start: number, end: number): number {
  const width = end - start;
  return Number.isFinite(width) ? (value - start) / width : (value / 2 - start / 2) / (end / 2 - start / 2);
}

function identity(value: number): number {
  return value;
}
