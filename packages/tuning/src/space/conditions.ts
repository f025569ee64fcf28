// Which parameters of a space have a value: those whose parents, the parameters that their conditions name, are active
// and have one of the values asked for.

import type { Parameter, ParameterValue, ParameterValues, SearchSpace } from "./parameter.js";

/** The conditions of a parameter as pairs of a parent's name and its values; none where it is always active. */
export function conditionsOf({ when = {} }: Parameter): readonly [parent: string, values: readonly ParameterValue[]][] {
  return Object.entries(when);
}

/** Whether some parameter of a space is not always active. */
export function hasConditions(space: SearchSpace): boolean {
  return Object.values(space).some((parameter) => conditionsOf(parameter).length > 0);
}

/**
 * The values of the active parameters, in the space's order.
 *
 * @param values - one for each parameter that is active, and any for others
 */
export function activeValues(space: SearchSpace, values: ParameterValues): ParameterValues {
  const names = Object.keys(space).filter((name) => isActive(space, name, values));
  return Object.fromEntries(names.map((name) => [name, values[name] as ParameterValue]));
}

/** Whether a parameter has a value, given those of its parents and theirs. */
export function isActive(space: SearchSpace, name: string, values: ParameterValues): boolean {
  const parameter = space[name] as Parameter;
  return conditionsOf(parameter).every(
    ([parent, allowed]) => allowed.includes(values[parent] as ParameterValue) && isActive(space, parent, values),
  );
}

/** Names of a space's parameters, parents before children and otherwise in the space's order. */
export function parentsFirst(space: SearchSpace): readonly string[] {
  const placed = new Set<string>();
  const place = (name: string) => {
    for (const [parent] of conditionsOf(space[name] as Parameter)) if (!placed.has(parent)) place(parent);
    placed.add(name);
  };
  for (const name of Object.keys(space)) if (!placed.has(name)) place(name);
  return [...placed];
}
