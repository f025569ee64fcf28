// Checks of values from outside, such as enqueued points, against a space.

import { nearestName } from "../../validation/nearest-name.js";
import type { Finding } from "../../validation/problems.js";
import { isActive } from "../conditions.js";
import { cardinality, discreteValue, indexOf, isContinuous } from "../discrete.js";
import type { DoubleParameter, Parameter, ParameterValue, ParameterValues, SearchSpace } from "../parameter.js";

/**
 * Largest accepted distance of a number from a value, relative to the largest number of the range.
 * Covers the rounding of sums such as 0.1 + 0.2, and of powers; 64 roundings of a double.
 */
const ROUNDING = 2 ** -46;

/**
 * Returns the parameter's value that equals the given value up to rounding: with steps of 0.1, 0.3
 * for 0.1 + 0.2 = 0.30000000000000004.
 *
 * @returns undefined if the parameter has no such value
 */
export function ownValue(parameter: Parameter, value: unknown): ParameterValue | undefined {
  switch (parameter.type) {
    case "double":
      return isNumber(value) ? ownNumber(parameter, value) : undefined;
    case "integer":
      return isNumber(value) && discreteValue(parameter, indexOf(parameter, value)) === value ? value : undefined;
    case "boolean":
      return typeof value === "boolean" ? value : undefined;
    case "categorical":
      return parameter.values.find((category) => category === value);
    case "fixed":
      return value === parameter.value ? parameter.value : undefined;
  }
}

/** Checked values of a space, or the findings against them. */
export type ValuesResult =
  | { readonly ok: true; readonly values: ParameterValues }
  | { readonly ok: false; readonly findings: readonly Finding[] };

/** Checks given values: each active parameter needs one of its values, other names are refused. */
export function checkValues(space: SearchSpace, given: Readonly<Record<string, unknown>>): ValuesResult {
  const own = ownValues(space, given);
  const findings = [
    ...unknownNames(space, given),
    ...Object.keys(space).flatMap((name) => findingAt(space, name, { given, own })),
  ];
  if (findings.length > 0) return { ok: false, findings };
  return { ok: true, values: own };
}

/**
 * Checks values of an executed trial. Drops the values of inactive parameters, which had no effect.
 */
export function checkTriedValues(space: SearchSpace, given: Readonly<Record<string, unknown>>): ValuesResult {
  const own = ownValues(space, given);
  const made = Object.entries(given).filter(([name]) => !Object.hasOwn(space, name) || isActive(space, name, own));
  return checkValues(space, Object.fromEntries(made));
}

/** Describes the values that a parameter accepts, as the end of an error text. */
export function expectedValue(parameter: Parameter): string {
  switch (parameter.type) {
    case "boolean":
      return "true or false";
    case "categorical":
      return `one of ${parameter.values.map((value) => JSON.stringify(value)).join(", ")}`;
    case "fixed":
      return JSON.stringify(parameter.value);
    default: {
      const steps = isContinuous(parameter) ? "" : `, ${cardinality(parameter)} values`;
      const kind = parameter.type === "integer" ? "a whole number" : "a number";
      return `${kind} from ${parameter.min} to ${parameter.max}${steps}`;
    }
  }
}

function ownNumber(parameter: DoubleParameter, value: number): number | undefined {
  if (isContinuous(parameter)) return value >= parameter.min && value <= parameter.max ? value : undefined;
  const index = indexOf(parameter, value);
  if (!(index >= 0 && index < cardinality(parameter))) return undefined;
  const own = discreteValue(parameter, index) as number;
  const largest = Math.max(Math.abs(parameter.min), Math.abs(own));
  const step = parameter.factor === undefined ? (parameter.step ?? 0) : own * (parameter.factor - 1);
  return Math.abs(value - own) <= Math.min(ROUNDING * largest, Math.abs(step) / 4) ? own : undefined;
}

function ownValues(space: SearchSpace, given: Readonly<Record<string, unknown>>): ParameterValues {
  const own = Object.entries(space).flatMap(([name, parameter]) => {
    const value = Object.hasOwn(given, name) ? ownValue(parameter, given[name]) : undefined;
    return value === undefined ? [] : [[name, value] as const];
  });
  return Object.fromEntries(own);
}

/** Finds given names that the space does not have. */
export function unknownNames(space: SearchSpace, given: Readonly<Record<string, unknown>>): Finding[] {
  const unknown = Object.keys(given).filter((name) => !Object.hasOwn(space, name));
  return unknown.map((name) => {
    const nearest = nearestName(name, Object.keys(space));
    const hint = nearest === undefined ? "" : `; did you mean ${nearest}?`;
    return { path: [name], received: given[name], expected: `a parameter of the space${hint}` };
  });
}

interface GivenValues {
  readonly given: Readonly<Record<string, unknown>>;
  readonly own: ParameterValues;
}

function findingAt(space: SearchSpace, name: string, { given, own }: GivenValues): Finding[] {
  const isGiven = Object.hasOwn(given, name);
  const received = isGiven ? given[name] : undefined;
  if (isActive(space, name, own)) {
    const expected = expectedValue(space[name] as Parameter);
    return Object.hasOwn(own, name) ? [] : [{ path: [name], received, expected }];
  }
  return isGiven ? [{ path: [name], received, expected: "no value, because the parameter is inactive there" }] : [];
}

function isNumber(value: unknown): value is number {
  return typeof value === "number" && Number.isFinite(value);
}
