// Parameters with finitely many values. Each value has an index, from 0 to cardinality - 1.

import { add, decimalOf, multiply, numberOf } from "./decimal.js";
import type {
  CategoricalParameter,
  DoubleParameter,
  IntegerParameter,
  Parameter,
  ParameterValue,
} from "./parameter.js";

/** A double without steps that has more than one value. */
export type ContinuousParameter = DoubleParameter & { readonly step?: never; readonly factor?: never };

/** Returns whether a parameter can have every real value of a range with min < max. */
export function isContinuous(parameter: Parameter): parameter is ContinuousParameter {
  if (parameter.type !== "double" || parameter.min === parameter.max) return false;
  return parameter.step === undefined && parameter.factor === undefined;
}

/** Returns whether the values of a categorical parameter are in a meaningful order. */
export function isOrdered({ values, ordered }: CategoricalParameter): boolean {
  return ordered ?? typeof values[0] === "number";
}

/** Returns the number of different values; Infinity for a continuous parameter. */
export function cardinality(parameter: Parameter): number {
  switch (parameter.type) {
    case "double":
      return isContinuous(parameter) ? Number.POSITIVE_INFINITY : steps(parameter) + 1;
    case "integer":
      return steps(parameter) + 1;
    case "categorical":
      return parameter.values.length;
    case "boolean":
      return 2;
    case "fixed":
      return 1;
  }
}

/** Returns the value of a discrete parameter at an index from 0 to cardinality - 1. */
export function discreteValue(parameter: Parameter, index: number): ParameterValue {
  switch (parameter.type) {
    case "double":
    case "integer":
      return numberAtStep(parameter, index);
    case "categorical":
      return parameter.values[index] as ParameterValue;
    case "boolean":
      return index === 1;
    case "fixed":
      return parameter.value;
  }
}

/**
 * Returns the index of a value of a discrete parameter. A number gets the index of the nearest
 * value.
 *
 * @returns below 0 or at least the cardinality if the parameter has no such value
 */
export function indexOf(parameter: Parameter, value: ParameterValue): number {
  switch (parameter.type) {
    case "double":
    case "integer":
      return Math.round(stepOf(parameter, Number(value)));
    case "categorical":
      return parameter.values.indexOf(value);
    case "boolean":
      return value === true ? 1 : 0;
    case "fixed":
      return value === parameter.value ? 0 : -1;
  }
}

/**
 * Returns the number of steps from `min` to `max`, a real number: a wrong step leaves a fraction.
 */
export function stepCount(parameter: IntegerParameter | DoubleParameter): number {
  return stepOf(parameter, parameter.max, "linear");
}

function steps(parameter: IntegerParameter | DoubleParameter): number {
  return Math.round(stepCount(parameter));
}

/**
 * Returns the number after `index` steps from `min`. Both ends are exact, and decimal steps are
 * rounded to their digits: 0.3, not 0.1 + 0.1 + 0.1 = 0.30000000000000004.
 */
function numberAtStep(parameter: IntegerParameter | DoubleParameter, index: number): number {
  const { min, max, step = 0, factor, scale } = parameter;
  if (index <= 0) return min;
  const last = steps(parameter);
  if (index >= last) return max;
  if (factor === undefined) return Math.min(max, decimalSteps(min, step, index));
  const rounded = (value: number) => (parameter.type === "integer" ? value : Number(value.toPrecision(15)));
  if (scale !== "reverse-log") return Math.min(max, rounded(min * factor ** index));
  return Math.max(min, rounded(max - (min * factor ** (last - index) - min)));
}

/** Returns the number of steps from `min` to a number, as a real number. */
function stepOf(parameter: IntegerParameter | DoubleParameter, value: number, scale = parameter.scale): number {
  const { min, max, step = 1, factor } = parameter;
  if (min === max) return 0;
  if (factor === undefined) return (value - min) / step;
  if (scale !== "reverse-log") return Math.log(value / min) / Math.log(factor);
  const ofRange = Math.log(max / min) / Math.log(factor);
  return ofRange - Math.log((max - (value - min)) / min) / Math.log(factor);
}

/** Largest number of digits that double precision keeps apart, whatever the number. */
const DIGITS_MAX = 15;

/** Returns the number nearest to min + index step, exact in decimals. */
function decimalSteps(min: number, step: number, index: number): number {
  const near = min + index * step;
  const digits = Math.max(decimals(min), decimals(step));
  const magnitude = Math.max(Math.abs(min), Math.abs(near), 1);
  // The error of `near` is then far below its last digit.
  if (Math.log10(magnitude) + digits < DIGITS_MAX) return digits === 0 ? near : Number(near.toFixed(digits));
  return numberOf(add(decimalOf(min), multiply(decimalOf(step), decimalOf(index))));
}

/** Returns the number of digits after the decimal point in a number's shortest decimal form. */
function decimals(value: number): number {
  if (Number.isInteger(value)) return 0;
  const [mantissa = "", exponent = "0"] = String(value).split("e");
  return Math.max(0, (mantissa.split(".")[1] ?? "").length - Number(exponent));
}
