// Enumeration of the points of a region in lexicographic order: the last parameter varies fastest.
// Each parameter gets values only from the interval that the constraints leave, given the values
// before it, so that long runs of points outside the region cost nothing.

import { isActive, parentsFirst } from "../conditions.js";
import { canHold, type Interval, intervalOf, rangeOf, rangesOf } from "../constraint/bounds.js";
import { hasNoLatticePoint } from "../constraint/lattice.js";
import type { LinearConstraint } from "../constraint/linear-constraint.js";
import { isInRegion, type Region } from "../constraint/region.js";
import { cardinality, discreteValue, indexOf } from "../discrete.js";
import type { Parameter, ParameterValue, ParameterValues, SearchSpace } from "../parameter.js";

/** What is known where a parameter gets its value. */
export interface LevelChoice {
  /** Values of the parameters before it. */
  readonly values: ParameterValues;
  /** Ranges of the numeric parameters after it. */
  readonly open: ReadonlyMap<string, Interval>;
  /** The part of the parameter's range that the constraints leave; undefined if not numeric. */
  readonly interval: Interval | undefined;
}

/** Returns the values to enumerate of a parameter. Values outside the interval may be left out. */
export type Levels = (name: string, choice: LevelChoice) => Iterable<ParameterValue>;

/**
 * Work that an enumeration may do. A value tried costs a unit for each parameter of the space and
 * for each term of the constraints on its own one.
 */
export interface Budget {
  left: number;
}

/**
 * Work of one enumeration; less than half a second. Beyond it, a region
 * without a further point and one whose next point is too far away look the same.
 */
const WORK_MAX = 3_000_000;

/** Returns a budget for one enumeration. */
export function freshBudget(): Budget {
  return { left: WORK_MAX };
}

/**
 * Returns the product of the cardinalities: an upper bound of the number of different points, since
 * conditions reduce that number. 1 for an empty space, Infinity if a parameter is continuous.
 */
export function spaceSize(space: SearchSpace): number {
  return Object.values(space).reduce((size, parameter) => size * cardinality(parameter), 1);
}

/** Returns the levels of an enumeration of a whole discrete region. */
export function everyValue(space: SearchSpace, start: (name: string) => number = () => 0): Levels {
  return (name, { interval }) => allValues(space[name] as Parameter, start(name), interval);
}

/**
 * Yields every value of a discrete parameter once, in cyclic order from index `start`.
 *
 * @param within - interval outside which values may be left out
 */
export function* allValues(parameter: Parameter, start = 0, within?: Interval): Generator<ParameterValue> {
  const [first, last] = indicesWithin(parameter, within);
  const middle = start > last ? first : Math.max(first, start);
  for (let i = middle; i <= last; i++) yield discreteValue(parameter, i);
  for (let i = first; i < Math.min(middle, last + 1); i++) yield discreteValue(parameter, i);
}

/**
 * Yields the values of a discrete parameter from one of them on, in order; all if it has it not.
 */
export function* valuesFrom(parameter: Parameter, from: ParameterValue, within?: Interval): Generator<ParameterValue> {
  const [first, last] = indicesWithin(parameter, within);
  for (let i = Math.max(first, indexOf(parameter, from)); i <= last; i++) yield discreteValue(parameter, i);
}

/**
 * Returns the indices of the values nearest to the ends of an interval; all for categories. Every
 * value of the interval lies between them; these two may lie just outside.
 */
export function indicesWithin(parameter: Parameter, within: Interval | undefined): [first: number, last: number] {
  const last = cardinality(parameter) - 1;
  if (within === undefined || (parameter.type !== "integer" && parameter.type !== "double")) return [0, last];
  const [low, high] = [Math.max(parameter.min, within.low), Math.min(parameter.max, within.high)];
  return low > high ? [0, -1] : [Math.max(0, indexOf(parameter, low)), Math.min(last, indexOf(parameter, high))];
}

/**
 * Yields the points of a region, each once, until the budget is spent. Parents vary slower than
 * their children.
 */
export function* pointsOf(region: Region, levels: Levels, budget: Budget = freshBudget()): Generator<ParameterValues> {
  if (hasNoLatticePoint(region)) return;
  yield* continued({ region, levels, steps: stepsOf(region), budget }, {}, rangesOf(region.space), 0);
}

interface Walk {
  readonly region: Region;
  readonly levels: Levels;
  readonly steps: readonly Step[];
  readonly budget: Budget;
}

/** One parameter on the way to a point. */
interface Step {
  readonly name: string;
  /** Undefined if the parameter is not numeric. */
  readonly range: Interval | undefined;
  /** The space with the constraints on this parameter alone. */
  readonly local: Region & { readonly constraints: readonly LinearConstraint[] };
  /** Work of one value. */
  readonly work: number;
}

function stepsOf({ space, constraints = [] }: Region): readonly Step[] {
  const order = parentsFirst(space);
  return order.map((name) => {
    const own = constraints.filter(({ terms }) => Object.hasOwn(terms, name));
    const work = own.reduce((sum, { terms }) => sum + Object.keys(terms).length, order.length);
    return { name, range: rangeOf(space[name] as Parameter), local: { space, constraints: own }, work };
  });
}

function* continued(
  walk: Walk,
  values: ParameterValues,
  open: ReadonlyMap<string, Interval>,
  depth: number,
): Generator<ParameterValues> {
  const { region, levels, steps, budget } = walk;
  const step = steps[depth];
  if (step === undefined) {
    const ordered = inOrder(region.space, values);
    if (isInRegion(region, ordered)) yield ordered;
    return;
  }
  const { name, range, local, work } = step;
  const rest = new Map(open);
  rest.delete(name);
  if (!isActive(region.space, name, values)) {
    yield* continued(walk, values, rest, depth + 1);
    return;
  }
  const interval = range && intervalOf(name, range, { region: local, values, open: rest });
  for (const value of levels(name, { values, open: rest, interval })) {
    budget.left -= work;
    if (budget.left < 0) return;
    const next = { ...values, [name]: value };
    if (local.constraints.every((constraint) => canHold(constraint, { region: local, values: next, open: rest }))) {
      yield* continued(walk, next, rest, depth + 1);
    }
  }
}

function inOrder(space: SearchSpace, values: ParameterValues): ParameterValues {
  const names = Object.keys(space).filter((name) => Object.hasOwn(values, name));
  return Object.fromEntries(names.map((name) => [name, values[name] as ParameterValue]));
}
