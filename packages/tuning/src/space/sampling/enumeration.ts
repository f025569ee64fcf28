// Enumeration of the points of a region in lexicographic order: the last parameter varies fastest.

import { isActive, parentsFirst } from "../conditions.js";
import { canHold, type Interval, rangesOf } from "../constraint/bounds.js";
import { isInRegion, type Region } from "../constraint/region.js";
import { cardinality, discreteValue } from "../discrete.js";
import type { Parameter, ParameterValue, ParameterValues, SearchSpace } from "../parameter.js";

/** Returns the values to enumerate of a parameter, given the values of the parameters before it. */
export type Levels = (
  name: string,
  values: ParameterValues,
  open: ReadonlyMap<string, Interval>,
) => Iterable<ParameterValue>;

/**
 * Returns the product of the cardinalities: an upper bound of the number of different points, since
 * conditions reduce that number. 1 for an empty space, Infinity if a parameter is continuous.
 */
export function spaceSize(space: SearchSpace): number {
  return Object.values(space).reduce((size, parameter) => size * cardinality(parameter), 1);
}

/** Yields every value of a discrete parameter once, in cyclic order from index `start`. */
export function* allValues(parameter: Parameter, start = 0): Generator<ParameterValue> {
  const count = cardinality(parameter);
  for (let i = 0; i < count; i++) yield discreteValue(parameter, (start + i) % count);
}

/**
 * Yields the points of a region, each once. Parents vary slower than their children. Skips branches
 * in which a constraint cannot hold.
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
