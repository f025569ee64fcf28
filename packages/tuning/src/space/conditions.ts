// Conditions of parameters. The parents of a parameter are the parameters that its conditions name.
// A parameter is active, and so has a value, if every parent is active and has an allowed value.

import type { Parameter, ParameterValue, ParameterValues, SearchSpace } from "./parameter.js";

/** Returns the conditions of a parameter: each parent's name with its allowed values. */
export function conditionsOf({ when = {} }: Parameter): readonly [parent: string, values: readonly ParameterValue[]][] {
  return Object.entries(when);
}

/** Returns whether any parameter of a space may be inactive. */
export function hasConditions(space: SearchSpace): boolean {
  return Object.values(space).some((parameter) => conditionsOf(parameter).length > 0);
}

/**
 * Returns the values of the active parameters, in the space's order.
 *
 * @param values - a value for each active parameter; values of other parameters are dropped
 */
export function activeValues(space: SearchSpace, values: ParameterValues): ParameterValues {
  const names = Object.keys(space).filter(activity(space, values));
  return Object.fromEntries(names.map((name) => [name, values[name] as ParameterValue]));
}

/** Returns whether a parameter is active, given the values of its parents and their parents. */
export function isActive(space: SearchSpace, name: string, values: ParameterValues): boolean {
  return activity(space, values)(name);
}

/**
 * Returns the function that tells whether a parameter is active. Each parameter is decided once.
 */
function activity(space: SearchSpace, values: ParameterValues): (name: string) => boolean {
  const known = new Map<string, boolean>();
  const decide = (name: string): boolean => {
    const decided =
      known.get(name) ??
      conditionsOf(space[name] as Parameter).every(
        ([parent, allowed]) =>
          Object.hasOwn(values, parent) && allowed.includes(values[parent] as ParameterValue) && decide(parent),
      );
    known.set(name, decided);
    return decided;
  };
  return decide;
}

/**
 * Returns the names of a space's parameters: parents before children, else in the space's order.
 */
export function parentsFirst(space: SearchSpace): readonly string[] {
  const placed = new Set<string>();
  const place = (name: string) => {
    for (const [parent] of conditionsOf(space[name] as Parameter)) if (!placed.has(parent)) place(parent);
    placed.add(name);
  };
  for (const name of Object.keys(space)) if (!placed.has(name)) place(name);
  return [...placed];
}
