// KerasTuner's "prob", a number in [0, 1] for each value. It differs from the coordinates of the
// unit cube in two cases: continuous values are computed by KerasTuner's operations in their order,
// for equal bits; on reverse-log scales with a factor, values count from the maximum down.
// KerasTuner's values above the maximum are left out.

import { cardinality, discreteValue, indexOf, isContinuous } from "../../space/discrete.js";
import type { DoubleParameter, Parameter, ParameterValue } from "../../space/parameter.js";
import { coordinateOf, valueAt } from "../../space/unit-cube.js";

/** Returns the value of a probability. */
export function valueAtProbability(parameter: Parameter, probability: number): ParameterValue {
  if (isContinuous(parameter))
    return Math.min(parameter.max, Math.max(parameter.min, numberAt(parameter, probability)));
  if (countsDown(parameter)) return discreteValue(parameter, fromTop(parameter, indexAt(parameter, probability)));
  return valueAt(parameter, probability);
}

/** Returns the probability of a value. */
export function probabilityOf(parameter: Parameter, value: ParameterValue): number {
  if (!countsDown(parameter)) return coordinateOf(parameter, value);
  return (fromTop(parameter, indexOf(parameter, value)) + 0.5) / cardinality(parameter);
}

/**
 * Returns KerasTuner's default for a parameter: the first value, the minimum, or false, unless the
 * spec has one.
 */
export function defaultValue(parameter: Parameter): ParameterValue {
  switch (parameter.type) {
    case "fixed":
      return parameter.value;
    case "boolean":
      return parameter.default ?? false;
    case "categorical":
      return parameter.default ?? (parameter.values[0] as ParameterValue);
    default:
      return parameter.default ?? parameter.min;
  }
}

function numberAt({ min, max, scale }: DoubleParameter, probability: number): number {
  if (scale === "linear") return probability * (max - min) + min;
  if (scale === "log") return min * (max / min) ** probability;
  return max + min - min * (max / min) ** (1 - probability);
}

function countsDown(parameter: Parameter): boolean {
  const isNumeric = parameter.type === "double" || parameter.type === "integer";
  return isNumeric && parameter.scale === "reverse-log" && parameter.factor !== undefined;
}

function indexAt(parameter: Parameter, probability: number): number {
  const count = cardinality(parameter);
  return Math.min(count - 1, Math.floor(probability * count));
}

function fromTop(parameter: Parameter, index: number): number {
  return cardinality(parameter) - 1 - index;
}
