// Parameter values as numbers in [0, 1] and back. A uniform draw from [0, 1] gives a double uniform on its scale, and a
// discrete value with the probability of its bin. Bins are equally wide, but for steps on a logarithmic scale: there, the
// bin of v reaches from v to v + step.

import { cardinality, discreteValue, indexOf, isContinuous } from "./discrete.js";
import type { DoubleParameter, IntegerParameter, Parameter, ParameterValue } from "./parameter.js";
import { numberAt, placeOf, type ScaledRange } from "./scale.js";

/**
 * The value that a coordinate stands for.
 *
 * @param coordinate - any number; below 0 counts as 0, above 1 as 1
 * @returns a value of the parameter: never beyond its ends, and its ends exactly at 0 and 1
 */
export function valueAt(parameter: Parameter, coordinate: number): ParameterValue {
  return isContinuous(parameter)
    ? numberAt(rangeOf(parameter), coordinate)
    : discreteValue(parameter, indexAt(parameter, coordinate));
}

/**
 * The coordinate of a value: for a continuous parameter its place on the scale, for a discrete value the middle of its
 * bin. `valueAt` turns it back into the value, for continuous parameters up to rounding.
 *
 * @returns in [0, 1]; 0.5 if the parameter has only one value
 */
export function coordinateOf(parameter: Parameter, value: ParameterValue): number {
  return isContinuous(parameter)
    ? placeOf(rangeOf(parameter), Number(value))
    : binMiddle(parameter, indexOf(parameter, value));
}

/** The middle of the bin that a coordinate falls in, for discrete parameters; the coordinate itself for others. */
export function snap(parameter: Parameter, coordinate: number): number {
  if (isContinuous(parameter)) return Math.min(1, Math.max(0, coordinate));
  return binMiddle(parameter, indexAt(parameter, coordinate));
}

/** The coordinate that stands for a parameter that has no value: that of its default, else the middle. */
export function neutralCoordinate(parameter: Parameter): number {
  if (parameter.type === "fixed" || parameter.default === undefined) return snap(parameter, 0.5);
  return coordinateOf(parameter, parameter.default);
}

function indexAt(parameter: Parameter, coordinate: number): number {
  const count = cardinality(parameter);
  const place = hasUnequalBins(parameter)
    ? (numberAt(binsOf(parameter), coordinate) - parameter.min) / parameter.step
    : coordinate * count;
  return Math.min(count - 1, Math.max(0, Math.floor(place)));
}

function binMiddle(parameter: Parameter, index: number): number {
  const count = cardinality(parameter);
  if (count === 1) return 0.5;
  if (!hasUnequalBins(parameter)) return (index + 0.5) / count;
  return placeOf(binsOf(parameter), parameter.min + (index + 0.5) * parameter.step);
}

type Stepped = (DoubleParameter | IntegerParameter) & { readonly step: number };

function hasUnequalBins(parameter: Parameter): parameter is Stepped {
  if (parameter.type !== "integer" && parameter.type !== "double") return false;
  return parameter.scale !== "linear" && parameter.factor === undefined && parameter.step !== undefined;
}

function rangeOf({ min, max, scale }: DoubleParameter): ScaledRange {
  return { low: min, high: max, scale };
}

function binsOf({ min, max, scale, step }: Stepped): ScaledRange {
  return { low: min, high: max + step, scale };
}
