import { conditionsOf, hasConditions } from "./conditions.js";
import { cardinality, discreteValue, indexOf, isContinuous, isOrdered } from "./discrete.js";
import type { Parameter, ParameterValues, SearchSpace } from "./parameter.js";
import { pointOf, valuesAt } from "./point.js";
import { coordinateOf, snap, valueAt } from "./unit-cube.js";

/** A parameter with more than one value, as a dimension of the oracle's search in the unit cube. */
export interface Dimension {
  /** True if the values have neither order nor distance. */
  readonly isNominal: boolean;
  /** True if the parameter may be inactive. */
  readonly isConditional: boolean;
  /** True if the values are dense enough for a search along the gradient. */
  readonly isSmooth: boolean;
  /** Returns the coordinate of the value at a coordinate. */
  snap(coordinate: number): number;
  /** Returns the coordinates of other values to try; empty for a continuous parameter. */
  alternatives(coordinate: number): readonly number[];
}

/** The dimensions of a space: one for each parameter that has more than one value. */
export interface DesignSpace {
  /** Names of the parameters, in the order of `dimensions`. */
  readonly names: readonly string[];
  readonly dimensions: readonly Dimension[];
  /** Returns the coordinates of the values, shape (d,). */
  encode(values: ParameterValues): Float64Array;
  /** Returns the values of every active parameter of the space at a point of shape (d,). */
  decode(point: Float64Array): ParameterValues;
  /** Returns encode(decode(point)): snapped coordinates, neutral ones for inactive parameters. */
  settle(point: Float64Array): Float64Array;
}

/**
 * Largest number of values of an ordered parameter that the search tries one by one. With more
 * values the search follows the gradient.
 */
const EXHAUSTIVE_MAX = 16;

/** Returns the unit cube of a space, with a dimension for each parameter of several values. */
export function designSpace(space: SearchSpace): DesignSpace {
  const free = Object.fromEntries(Object.entries(space).filter(([, parameter]) => cardinality(parameter) > 1));
  const indexByName = new Map(Object.keys(free).map((name, i) => [name, i]));
  const dimensions = Object.values(free).map(dimensionOf);
  const encode = (values: ParameterValues) => pointOf(free, values);
  const decode = (point: Float64Array) =>
    valuesAt(
      space,
      Object.keys(space).map((name) => point[indexByName.get(name) ?? -1] ?? 0.5),
    );
  return {
    names: Object.keys(free),
    dimensions,
    encode,
    decode,
    settle: hasConditions(space)
      ? (point) => encode(decode(point))
      : (point) => point.map((x, i) => (dimensions[i] as Dimension).snap(x)),
  };
}

function dimensionOf(parameter: Parameter): Dimension {
  const isNominal = parameter.type === "boolean" || (parameter.type === "categorical" && !isOrdered(parameter));
  const count = cardinality(parameter);
  return {
    isNominal,
    isConditional: conditionsOf(parameter).length > 0,
    isSmooth: !isNominal && count > EXHAUSTIVE_MAX,
    snap: (coordinate) => snap(parameter, coordinate),
    alternatives: (coordinate) => (isContinuous(parameter) ? [] : alternativesIn(parameter, coordinate)),
  };
}

/** Returns all other values if these are few or a list of categories, else both neighbours. */
function alternativesIn(parameter: Parameter, coordinate: number): number[] {
  const count = cardinality(parameter);
  const here = indexOf(parameter, valueAt(parameter, coordinate));
  const isTriedWhole = count <= EXHAUSTIVE_MAX || parameter.type === "categorical";
  const indices = isTriedWhole ? Array.from({ length: count }, (_, i) => i) : [here - 1, here + 1];
  return indices
    .filter((index) => index !== here && index >= 0 && index < count)
    .map((index) => coordinateOf(parameter, discreteValue(parameter, index)));
}
