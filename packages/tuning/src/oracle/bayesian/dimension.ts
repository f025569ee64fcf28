import type { Parameter, ParameterValues, SearchSpace } from "../../space/parameter.js";
import type { DiscreteParameter } from "../../space/unit-cube.js";
import { cardinality, coordinateOf, discreteValue, indexOf, pointOf, snap, valueAt } from "../../space/unit-cube.js";

/** A parameter that can vary, as the oracle's searches see it: a coordinate of the unit cube. */
export interface Dimension {
  /** Whether coordinates are mere names, without order or distance. */
  readonly isNominal: boolean;
  /** Whether values lie so close that a gradient leads from one to another. */
  readonly isSmooth: boolean;
  /** The coordinate of the value that a coordinate stands for. */
  snap(coordinate: number): number;
  /** Coordinates of other values to try in place of this one; none for continuous parameters. */
  alternatives(coordinate: number): readonly number[];
}

/** The part of a space that can vary: parameters with a single value take no part. */
export interface DesignSpace {
  readonly dimensions: readonly Dimension[];
  /** Coordinates of the values, shape (d,). */
  encode(values: ParameterValues): Float64Array;
  /** Values of every parameter of the space at a point of shape (d,). */
  decode(point: Float64Array): ParameterValues;
}

/** With more values than this, a numeric parameter is searched along the gradient; with fewer, all are tried. */
const EXHAUSTIVE_MAX = 16;

/** Sees a space as a cube with an edge for every parameter that has more than one value. */
export function designSpace(space: SearchSpace): DesignSpace {
  const free = Object.fromEntries(Object.entries(space).filter(([, parameter]) => cardinality(parameter) > 1));
  const names = Object.keys(free);
  return {
    dimensions: Object.values(free).map(dimensionOf),
    encode: (values) => pointOf(free, values),
    decode: (point) =>
      Object.fromEntries(
        Object.entries(space).map(([name, parameter]) => {
          const i = names.indexOf(name);
          return [name, valueAt(parameter, i < 0 ? 0.5 : (point[i] as number))];
        }),
      ),
  };
}

function dimensionOf(parameter: Parameter): Dimension {
  const isNominal = parameter.type === "categorical" || parameter.type === "boolean";
  const count = cardinality(parameter);
  return {
    isNominal,
    isSmooth: !isNominal && count > EXHAUSTIVE_MAX,
    snap: (coordinate) => snap(parameter, coordinate),
    alternatives: (coordinate) => (parameter.type === "double" ? [] : alternativesIn(parameter, coordinate)),
  };
}

/** All other values where they are few or have no order, else the neighbours on both sides. */
function alternativesIn(parameter: DiscreteParameter, coordinate: number): number[] {
  const count = cardinality(parameter);
  const here = indexOf(parameter, valueAt(parameter, coordinate));
  const isTriedWhole = count <= EXHAUSTIVE_MAX || parameter.type !== "integer";
  const indices = isTriedWhole ? Array.from({ length: count }, (_, i) => i) : [here - 1, here + 1];
  return indices
    .filter((index) => index !== here && index >= 0 && index < count)
    .map((index) => coordinateOf(parameter, discreteValue(parameter, index)));
}
