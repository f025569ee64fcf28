import { conditionsOf, hasConditions } from "./conditions.js";
import { cardinality, discreteValue, indexOf, isContinuous, isOrdered } from "./discrete.js";
import type { Parameter, ParameterValues, SearchSpace } from "./parameter.js";
import { pointOf, valuesAt } from "./point.js";
import { coordinateOf, snap, valueAt } from "./unit-cube.js";

/** A parameter that can vary, as the oracle's searches see it: a coordinate of the unit cube. */
export interface Dimension {
  /** Whether coordinates are mere names, without order or distance. */
  readonly isNominal: boolean;
  /** Whether the parameter may be inactive. */
  readonly isConditional: boolean;
  /** Whether values lie so close that a gradient leads from one to another. */
  readonly isSmooth: boolean;
  /** The coordinate of the value that a coordinate stands for. */
  snap(coordinate: number): number;
  /** Coordinates of other values to try in place of this one; none for continuous parameters. */
  alternatives(coordinate: number): readonly number[];
}

/** The part of a space that can vary: parameters with a single value take no part. */
export interface DesignSpace {
  /** Of the parameters, in the order of the dimensions. */
  readonly names: readonly string[];
  readonly dimensions: readonly Dimension[];
  /** Coordinates of the values, shape (d,). */
  encode(values: ParameterValues): Float64Array;
  /** Values of every active parameter of the space at a point of shape (d,). */
  decode(point: Float64Array): ParameterValues;
  /** The point that `encode` gives for the values of a point: snapped, and neutral where parameters are inactive. */
  settle(point: Float64Array): Float64Array;
}

/** With more values than this, a numeric parameter is searched along the gradient; with fewer, all are tried. */
const EXHAUSTIVE_MAX = 16;

/** Sees a space as a cube with an edge for every parameter that has more than one value. */
export function designSpace(space: SearchSpace): DesignSpace {
  const free = Object.fromEntries(Object.entries(space).filter(([, parameter]) => cardinality(parameter) > 1));
  const places = new Map(Object.keys(free).map((name, i) => [name, i]));
  const dimensions = Object.values(free).map(dimensionOf);
  const encode = (values: ParameterValues) => pointOf(free, values);
  const decode = (point: Float64Array) =>
    valuesAt(
      space,
      Object.keys(space).map((name) => point[places.get(name) ?? -1] ?? 0.5),
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

/** All other values where they are few or have no order, else the neighbours on both sides. */
function alternativesIn(parameter: Parameter, coordinate: number): number[] {
  const count = cardinality(parameter);
  const here = indexOf(parameter, valueAt(parameter, coordinate));
  const isTriedWhole = count <= EXHAUSTIVE_MAX || parameter.type === "categorical";
  const indices = isTriedWhole ? Array.from({ length: count }, (_, i) => i) : [here - 1, here + 1];
  return indices
    .filter((index) => index !== here && index >= 0 && index < count)
    .map((index) => coordinateOf(parameter, discreteValue(parameter, index)));
}
