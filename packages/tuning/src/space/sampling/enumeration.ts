// The points of a region, one after the other like the numbers of an odometer: the last parameter turns fastest.

import { isActive, parentsFirst } from "../conditions.js";
import { canHold, type Interval, rangesOf } from "../constraint/bounds.js";
import { isInRegion, type Region } from "../constraint/region.js";
import { cardinality, discreteValue } from "../discrete.js";
import type { Parameter, ParameterValue, ParameterValues, SearchSpace } from "../parameter.js";

/** Values of a parameter to go through, in this order; it may depend on the values of those before it. */
export type Levels = (
  name: string,
  values: ParameterValues,
  open: ReadonlyMap<string, Interval>,
) => Iterable<ParameterValue>;

/**
 * Number of different points of a space without regard to conditions, so that it has at most as many: 1 if it is empty,
 * Infinity if a parameter is continuous.
 */
export function spaceSize(space: SearchSpace): number {
  return Object.values(space).reduce((size, parameter) => size * cardinality(parameter), 1);
}

/** Every value of a discrete parameter, in order. */
export function* allValues(parameter: Parameter, start = 0): Generator<ParameterValue> {
  const count = cardinality(parameter);
  for (let i = 0; i < count; i++) yield discreteValue(parameter, (start + i) % count);
}

/**
 * Goes through the points of a region, each once. Parents turn slower than their children. Branches that no point of the
 * region lies on are left early.
 */
export function* pointsOf(region: Region, levels: Levels): Generator<ParameterValues> {
  const order = parentsFirst(region.space);
  yield* continued({ region, levels, order }, {}, rangesOf(region.space), 0);
}

interface Walk {
  readonly region: Region;
  readonly levels: Levels;
  readonly order: readonly string[];
}

function* continued(
  walk: Walk,
  values: ParameterValues,
  open: ReadonlyMap<string, Interval>,
  depth: number,
): Generator<ParameterValues> {
  const { region, levels, order } = walk;
  const name = order[depth];
  if (name === undefined) {
    const ordered = inOrder(region.space, values);
    if (isInRegion(region, ordered)) yield ordered;
    return;
  }
  const rest = new Map(open);
  rest.delete(name);
  if (!isActive(region.space, name, values)) {
    yield* continued(walk, values, rest, depth + 1);
    return;
  }
  for (const value of levels(name, values, rest)) {
    const next = { ...values, [name]: value };
    const isPossible = (region.constraints ?? []).every((constraint) =>
      canHold(constraint, { region, values: next, open: rest }),
    );
    if (isPossible) yield* continued(walk, next, rest, depth + 1);
  }
}

function inOrder(space: SearchSpace, values: ParameterValues): ParameterValues {
  const names = Object.keys(space).filter((name) => Object.hasOwn(values, name));
  return Object.fromEntries(names.map((name) => [name, values[name] as ParameterValue]));
}
