// Conversion of parameter values to coordinates in [0, 1] and back. A uniform coordinate gives a
// double that is uniform on its scale, and a discrete value with a probability equal to the width
// of its bin. The bins have equal widths, except for steps on a logarithmic scale: there the bin of
// v covers [v, v + step) on the scale.

import { cardinality, discreteValue, indexOf, isContinuous } from "./discrete.js";
import type { DoubleParameter, IntegerParameter, Parameter, ParameterValue } from "./parameter.js";
import { numberAt, positionOf, type ScaledRange } from "./scale.js";

/**
 * Returns the value at a coordinate.
 *
 * @param coordinate - any number; clamped to [0, 1]
 * @returns a value of the parameter, in [min, max]; exactly the first at 0 and the last at 1
 */
export function valueAt(parameter: Parameter, coordinate: number): ParameterValue {
  return isContinuous(parameter)
    ? numberAt(rangeOf(parameter), coordinate)
    : discreteValue(parameter, indexAt(parameter, coordinate));
}

/**
 * Returns the coordinate of a value: the position on the scale of a continuous parameter, the
 * middle of the bin of a discrete one. `valueAt` is the inverse; for continuous parameters up to
 * rounding.
 *
 * @returns in [0, 1]; 0.5 if the parameter has only one value
 */
export function coordinateOf(parameter: Parameter, value: ParameterValue): number {
  return isContinuous(parameter)
    ? positionOf(rangeOf(parameter), Number(value))
    : binMiddle(parameter, indexOf(parameter, value));
}

/**
 * Returns the middle of the bin that contains a coordinate; a continuous parameter's is only
 * clamped.
 */
export function snap(parameter: Parameter, coordinate: number): number {
  if (isContinuous(parameter)) return Math.min(1, Math.max(0, coordinate));
  return binMiddle(parameter, indexAt(parameter, coordinate));
}

/** Returns the coordinate of an inactive parameter: that of its default, else of the middle. */
export function neutralCoordinate(parameter: Parameter): number {
  if (parameter.type === "fixed" || parameter.default === undefined) return snap(parameter, 0.5);
  return coordinateOf(parameter, parameter.default);
}

function indexAt(parameter: Parameter, coordinate: number): number {
  const count = cardinality(parameter);
  const position = hasUnequalBins(parameter)
    ? (numberAt(binsOf(parameter), coordinate) - parameter.min) / parameter.step
    : coordinate * count;
  return Math.min(count - 1, Math.max(0, Math.floor(position)));
}

function binMiddle(parameter: Parameter, index: number): number {
  const count = cardinality(parameter);
  if (count === 1) return 0.5;
  if (!hasUnequalBins(parameter)) return (index + 0.5) / count;
  return positionOf(binsOf(parameter), parameter.min + (index + 0.5) * parameter.step);
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
