// The points at which plans of a large space are checked, before constraints are considered.

import { createRandom } from "../../../random/random.js";
import { activeValues, conditionsOf, isActive } from "../../../space/conditions.js";
import type { Parameter, ParameterValue, ParameterValues, SearchSpace } from "../../../space/parameter.js";
import { valueAt } from "../../../space/unit-cube.js";

/** A point of a space, and the parameters whose values it tests. */
export interface ScreeningPoint {
  /** Values of the active parameters. */
  readonly values: ParameterValues;
  readonly group: readonly string[];
}

/** Parameters with their representatives. */
type Choices = readonly (readonly [name: string, values: readonly ParameterValue[]])[];

/** Largest number of combinations of a group's representatives that are checked. */
const COMBINATIONS_MAX = 1_024;

/**
 * Yields the combinations of representatives of each group, with all other parameters low and with
 * all others high. The check is exact for groups of up to 1,024 combinations. Of a larger group it
 * takes 1,024 random combinations, and each representative once from both bases.
 */
export function* screeningPoints(
  space: SearchSpace,
  groups: readonly (readonly string[])[],
  representatives: (name: string) => readonly ParameterValue[],
): Generator<ScreeningPoint> {
  const bases = [0, 1].map((end) => mapValues(space, (parameter) => valueAt(parameter, end)));
  for (const values of bases) yield { values: activeValues(space, values), group: Object.keys(space) };
  for (const group of groups) {
    const choices = group.map((name) => [name, representatives(name)] as const);
    for (const base of bases) {
      for (const values of valuesOf(space, base, choices)) yield { values: activeValues(space, values), group };
    }
  }
}

function* valuesOf(space: SearchSpace, base: ParameterValues, choices: Choices): Generator<ParameterValues> {
  const total = choices.reduce((product, [, values]) => product * values.length, 1);
  if (total > COMBINATIONS_MAX) {
    yield* singleChanges(space, base, choices);
    yield* randomCombinations(base, choices);
    return;
  }
  for (let i = 0; i < total; i++) yield { ...base, ...combinationAt(choices, i) };
}

/** Yields the base with one parameter changed and, where that is inactive, its ancestors. */
function* singleChanges(space: SearchSpace, base: ParameterValues, choices: Choices): Generator<ParameterValues> {
  for (const [name, values] of choices) {
    for (const value of values) yield { ...activated(space, name, base), [name]: value };
  }
}

/** Changes the values of a parameter's ancestors so that the parameter is active. */
function activated(space: SearchSpace, name: string, base: ParameterValues): ParameterValues {
  if (isActive(space, name, base)) return base;
  return conditionsOf(space[name] as Parameter).reduce(
    (values, [parent, allowed]) => ({ ...activated(space, parent, values), [parent]: allowed[0] as ParameterValue }),
    base,
  );
}

function* randomCombinations(base: ParameterValues, choices: Choices): Generator<ParameterValues> {
  const random = createRandom(0);
  for (let i = 0; i < COMBINATIONS_MAX; i++) {
    const chosen = choices.map(
      ([name, values]) => [name, values[Math.floor(random.uniform() * values.length)] as ParameterValue] as const,
    );
    yield { ...base, ...Object.fromEntries(chosen) };
  }
}

/** Returns a combination by its number in mixed radix; the first parameter varies fastest. */
function combinationAt(choices: Choices, number: number): ParameterValues {
  let rest = number;
  const chosen = choices.map(([name, values]) => {
    const value = values[rest % values.length] as ParameterValue;
    rest = Math.floor(rest / values.length);
    return [name, value] as const;
  });
  return Object.fromEntries(chosen);
}

function mapValues(space: SearchSpace, value: (parameter: Parameter) => ParameterValue): ParameterValues {
  return Object.fromEntries(Object.entries(space).map(([name, parameter]) => [name, value(parameter)]));
}
