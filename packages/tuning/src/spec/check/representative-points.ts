// The points at which `model` and `training` of a spec are checked: all parameters low, all high,
// and from both each parameter at its ends, inside its range, and at each category, with the
// parents' values that make it active.

import { activeValues, conditionsOf, isActive } from "../../space/conditions.js";
import type { Parameter, ParameterValue, ParameterValues, SearchSpace } from "../../space/parameter.js";
import { valueAt } from "../../space/unit-cube.js";
import type { Reference } from "../template/references.js";

/**
 * Returns the parameters that references name, and their parents. Leaves out parameters with a
 * missing parent or with a cycle of parents.
 */
export function usedSpace(space: SearchSpace, references: readonly Reference[]): SearchSpace {
  const used = new Set<string>();
  const add = (name: string, trail: readonly string[]) => {
    const parents = conditionsOf(space[name] as Parameter).map(([parent]) => parent);
    if (trail.includes(name) || parents.some((parent) => !Object.hasOwn(space, parent))) return false;
    if (!parents.every((parent) => add(parent, [...trail, name]))) return false;
    used.add(name);
    return true;
  };
  for (const { name } of references) if (Object.hasOwn(space, name)) add(name, []);
  return Object.fromEntries(Object.entries(space).filter(([name]) => used.has(name)));
}

/** Returns the representative points of a space. */
export function representativePoints(space: SearchSpace): ParameterValues[] {
  const names = Object.entries(space);
  const bases = [0, 1].map((end) => Object.fromEntries(names.map(([name, p]) => [name, valueAt(p, end)])));
  const moved = names.flatMap(([name, p]) =>
    bases.flatMap((base) => representatives(p).map((v) => ({ ...activated(space, name, base), [name]: v }))),
  );
  return [...bases, ...moved].map((values) => activeValues(space, values));
}

/** Changes the values of a parameter's ancestors so that the parameter is active. */
function activated(space: SearchSpace, name: string, base: ParameterValues): ParameterValues {
  if (isActive(space, name, base)) return base;
  return conditionsOf(space[name] as Parameter).reduce(
    (values, [parent, allowed]) => ({ ...activated(space, parent, values), [parent]: allowed[0] as ParameterValue }),
    base,
  );
}

function representatives(parameter: Parameter): readonly ParameterValue[] {
  if (parameter.type === "categorical") return parameter.values;
  // The inner point is irrational, so that the value of a double is not a whole number.
  const inside = Math.SQRT1_2;
  return [...new Set([0, inside, 1].map((coordinate) => valueAt(parameter, coordinate)))];
}
