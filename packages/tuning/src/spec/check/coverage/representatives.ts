// Values that stand for all values of a parameter in the check of plans. A key of a plan accepts an
// interval of numbers, or the whole numbers of an interval. So the ends and a value that is not
// whole decide for all values between.

import { conditionsOf } from "../../../space/conditions.js";
import { cardinality, discreteValue, indexOf, isContinuous } from "../../../space/discrete.js";
import type { Parameter, ParameterValue, SearchSpace } from "../../../space/parameter.js";
import { valueAt } from "../../../space/unit-cube.js";
import { valueAtPath } from "../../../validation/problems.js";
import { entryConditions, REPEAT_MAX, type Template } from "../../template/entries.js";
import { referenceIn } from "../../template/references.js";

/**
 * Number of values up to which all values of a parameter that decides on the plan's form are
 * representatives.
 */
const ALL_MAX = 64;

/** Number of values, from the lowest, that are searched for one that is not whole. */
const SEARCHED_MAX = 1_000;

/**
 * Returns the parameters that decide on the form of plans, and for each the values that conditions
 * name: parents of parameters and of entries, parameters of `repeat`, and all categories.
 */
export function decidingParameters(space: SearchSpace, template: Template): ReadonlyMap<string, Set<unknown>> {
  const deciding = new Map<string, Set<unknown>>();
  const add = (name: string, values: readonly unknown[]) => {
    if (!Object.hasOwn(space, name)) return;
    deciding.set(name, new Set([...(deciding.get(name) ?? []), ...values]));
  };
  for (const [name, parameter] of Object.entries(space)) {
    if (!isNumeric(parameter)) add(name, []);
    for (const [parent, values] of conditionsOf(parameter)) add(parent, values);
  }
  for (const entry of entriesOf(template)) {
    for (const [parent, values] of entryConditions(entry) ?? []) add(parent, values);
    const repeated = referenceIn(valueAtPath(entry, ["repeat"]));
    if (repeated !== undefined)
      add(
        repeated,
        Array.from({ length: REPEAT_MAX + 2 }, (_, i) => i),
      );
  }
  return deciding;
}

/** Returns the entries of `model.layers` and of `training.callbacks`. */
export function entriesOf(template: Template): readonly unknown[] {
  const lists = [valueAtPath(template, ["model", "layers"]), valueAtPath(template, ["training", "callbacks"])];
  return lists.flatMap((list) => (Array.isArray(list) ? (list as readonly unknown[]) : []));
}

/**
 * Returns the representatives of a parameter.
 *
 * @param named - the values that conditions name, if the parameter decides on the plan's form
 */
export function representativesOf(parameter: Parameter, named?: ReadonlySet<unknown>): readonly ParameterValue[] {
  const count = cardinality(parameter);
  if (!isNumeric(parameter) || (named !== undefined && count <= ALL_MAX)) return allOf(parameter);
  const ends = [valueAt(parameter, 0), valueAt(parameter, 1)];
  return [...new Set([...ends, ...fractionOf(parameter), ...aroundNamed(parameter, [...(named ?? [])])])];
}

/** Returns the named values of a parameter and their neighbours, which no condition names. */
function aroundNamed(parameter: Parameter, named: readonly unknown[]): readonly ParameterValue[] {
  if (isContinuous(parameter)) return [];
  const count = cardinality(parameter);
  const indices = named
    .filter((value): value is number => typeof value === "number")
    .map((value) => indexOf(parameter, value))
    .flatMap((index) => [index - 1, index, index + 1]);
  return indices.filter((i) => i >= 0 && i < count).map((i) => discreteValue(parameter, i));
}

/** Returns a value that is not whole, if the parameter has one. */
function fractionOf(parameter: Parameter): readonly ParameterValue[] {
  if (parameter.type !== "double") return [];
  // The coordinate is irrational, so that the value of a continuous double is not whole.
  if (isContinuous(parameter)) return [valueAt(parameter, Math.SQRT1_2)];
  for (let i = 0; i < Math.min(cardinality(parameter), SEARCHED_MAX); i++) {
    const value = discreteValue(parameter, i);
    if (!Number.isInteger(value)) return [value];
  }
  return [];
}

function allOf(parameter: Parameter): readonly ParameterValue[] {
  return Array.from({ length: cardinality(parameter) }, (_, i) => discreteValue(parameter, i));
}

function isNumeric({ type }: Parameter): boolean {
  return type === "double" || type === "integer";
}
