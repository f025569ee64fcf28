import type { Random } from "../../random/random.js";
import { isInRegion } from "../../space/constraint/region.js";
import { cardinality } from "../../space/discrete.js";
import type { ParameterValues, SearchSpace } from "../../space/parameter.js";
import { everyValue, type Levels, pointsOf, spaceSize } from "../../space/sampling/enumeration.js";
import { sampleRegion } from "../../space/sampling/sampling.js";
import { valuesKey } from "../../space/values-key.js";
import type { SuggestionRequest } from "./suggestion.js";

/**
 * Membership of values in the history of a study, so that no trial repeats another while unseen
 * points are left.
 */
export interface SeenValues {
  /**
   * Returns true if values are outside the region or a trial has them. Once every point of the
   * region is used, only infeasible and failed values are seen; once all of those are, none is.
   */
  has(values: ParameterValues): boolean;
  /**
   * Returns unseen values; in a countable space the first ones after a random point. Undefined if
   * none are found.
   */
  findUnseen(random: Random): ParameterValues | undefined;
  /** Returns values that no trial has, as `findUnseen` does. Undefined once every point is used. */
  findUnused(random: Random): ParameterValues | undefined;
}

/**
 * Upper limit of points of a space that is enumerated. A larger one is sampled: no study uses it
 * up.
 */
const COUNTABLE_MAX = 2 ** 32;
/** The same limit with constraints, which may leave long runs of points outside the region. */
const CONSTRAINED_COUNTABLE_MAX = 2 ** 16;
/** Draws after which a region that is not enumerated counts as used up. */
const DRAWS_MAX = 100;

/** Returns the seen values of a request. */
export function seenValues(request: SuggestionRequest): SeenValues {
  const { space, constraints = [] } = request;
  const isCountable = spaceSize(space) <= (constraints.length > 0 ? CONSTRAINED_COUNTABLE_MAX : COUNTABLE_MAX);
  const forbidden = keysOf(space, [...request.infeasible, ...(request.failed ?? [])]);
  const used = usedKeys(request);
  let barred: ReadonlySet<string> | undefined;
  // Computed when the first used point comes up, because it may enumerate the space.
  const seen = () => (barred ??= isCountable ? smallestLeft(request, used, forbidden) : used);
  const isSeen = (values: ParameterValues) => {
    const key = valuesKey(space, values);
    return used.has(key) && seen().has(key);
  };
  const find = (random: Random, isLeftOut: (values: ParameterValues) => boolean) =>
    isCountable
      ? firstPoint(request, startingAnywhere(space, random), isLeftOut)
      : drawnPoint(request, random, isLeftOut);
  return {
    has: (values) => !isInRegion(request, values) || isSeen(values),
    findUnseen: (random) => find(random, isSeen),
    findUnused: (random) => find(random, (values) => used.has(valuesKey(space, values))),
  };
}

/** Returns the keys of the values of all trials of a request. */
export function usedKeys({ space, completed, pending, infeasible, failed, pruned }: SuggestionRequest): Set<string> {
  const observed = [...completed, ...(pruned ?? [])].map(({ values }) => values);
  return keysOf(space, [...observed, ...pending, ...infeasible, ...(failed ?? [])]);
}

/**
 * Returns the smallest set of keys that leaves points: the used ones, else the forbidden ones, else
 * none.
 */
function smallestLeft(
  request: SuggestionRequest,
  used: ReadonlySet<string>,
  forbidden: ReadonlySet<string>,
): ReadonlySet<string> {
  const isLeft = (keys: ReadonlySet<string>) =>
    firstPoint(request, everyValue(request.space), (values) => keys.has(valuesKey(request.space, values))) !==
    undefined;
  return [used, forbidden].find(isLeft) ?? new Set();
}

function firstPoint(
  request: SuggestionRequest,
  levels: Levels,
  isSeen: (values: ParameterValues) => boolean,
): ParameterValues | undefined {
  for (const values of pointsOf(request, levels)) if (!isSeen(values)) return values;
  return undefined;
}

function drawnPoint(
  request: SuggestionRequest,
  random: Random,
  isSeen: (values: ParameterValues) => boolean,
): ParameterValues | undefined {
  for (let draw = 0; draw < DRAWS_MAX; draw++) {
    const values = sampleRegion(request, random);
    if (values === undefined || !isSeen(values)) return values;
  }
  return undefined;
}

function startingAnywhere(space: SearchSpace, random: Random): Levels {
  const starts = new Map(
    Object.entries(space).map(([name, parameter]) => [name, Math.floor(random.uniform() * cardinality(parameter))]),
  );
  return everyValue(space, (name) => starts.get(name) ?? 0);
}

/** Keys of values that were asked for before. A thread keeps the values of a study's trials. */
const known = new WeakMap<ParameterValues, { readonly space: SearchSpace; readonly key: string }>();

function keysOf(space: SearchSpace, points: readonly ParameterValues[]): Set<string> {
  return new Set(points.map((values) => keyOf(space, values)));
}

function keyOf(space: SearchSpace, values: ParameterValues): string {
  const found = known.get(values);
  if (found?.space === space) return found.key;
  const key = valuesKey(space, values);
  known.set(values, { space, key });
  return key;
}
