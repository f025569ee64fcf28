// KerasTuner's "prob", a number in [0, 1] for each value, where it differs from the coordinates of the unit cube: in the
// last bits of continuous values, which come from the same operations in the same order, and on reverse-log scales with a
// factor, which it counts from the maximum down. Its values above the maximum are left out.

import { cardinality, discreteValue, indexOf, isContinuous } from "../../space/discrete.js";
import type { DoubleParameter, Parameter, ParameterValue } from "../../space/parameter.js";
import { coordinateOf, valueAt } from "../../space/unit-cube.js";

/** The value that a probability stands for. */
export function valueAtProbability(parameter: Parameter, probability: number): ParameterValue {
  if (isContinuous(parameter))
    return Math.min(parameter.max, Math.max(parameter.min, numberAt(parameter, probability)));
  if (countsDown(parameter)) return discreteValue(parameter, fromTop(parameter, indexAt(parameter, probability)));
  return valueAt(parameter, probability);
}

/** The probability that stands for a value. */
export function probabilityOf(parameter: Parameter, value: ParameterValue): number {
  if (!countsDown(parameter)) return coordinateOf(parameter, value);
  return (fromTop(parameter, indexOf(parameter, value)) + 0.5) / cardinality(parameter);
}

/** The value that KerasTuner takes for a parameter that has none. */
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
