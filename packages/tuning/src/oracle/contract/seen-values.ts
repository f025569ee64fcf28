import type { Random } from "../../random/random.js";
import { isInRegion } from "../../space/constraint/region.js";
import { cardinality } from "../../space/discrete.js";
import type { Parameter, ParameterValues, SearchSpace } from "../../space/parameter.js";
import { allValues, type Levels, pointsOf, spaceSize } from "../../space/sampling/enumeration.js";
import { sampleRegion } from "../../space/sampling/sampling.js";
import { valuesKey } from "../../space/values-key.js";
import type { SuggestionRequest } from "./suggestion.js";

/** Which values a study may not use, so that no trial breaks a constraint, or repeats another while there is something else. */
export interface SeenValues {
  /**
   * Whether values lie outside the region or a trial has them. Once every point of the region is used: whether they were
   * infeasible or failed.
   */
  has(values: ParameterValues): boolean;
  /** Values that are not seen: in a countable region those after a random point; undefined if none were found. */
  findUnseen(random: Random): ParameterValues | undefined;
}

/** Beyond this size a space is searched by chance alone: it cannot be used up. */
const COUNTABLE_MAX = 2 ** 32;
/** The same where constraints may leave long stretches of it empty. */
const CONSTRAINED_COUNTABLE_MAX = 2 ** 16;
/** Draws before a region that cannot be listed counts as having no unseen point. */
const DRAWS_MAX = 100;

/** The values of a request's trials, whatever became of them. */
export function seenValues(request: SuggestionRequest): SeenValues {
  const { space, constraints = [] } = request;
  const isCountable = spaceSize(space) <= (constraints.length > 0 ? CONSTRAINED_COUNTABLE_MAX : COUNTABLE_MAX);
  const forbidden = keysOf(space, [...request.infeasible, ...(request.failed ?? [])]);
  const used = usedKeys(request);
  let barred: ReadonlySet<string> | undefined;
  // Told only when a used point comes up, for it may take a walk over all of them.
  const seen = () => (barred ??= isCountable ? smallestLeft(request, used, forbidden) : used);
  const isSeen = (values: ParameterValues) => {
    const key = valuesKey(space, values);
    return used.has(key) && seen().has(key);
  };
  return {
    has: (values) => !isInRegion(request, values) || isSeen(values),
    findUnseen: (random) =>
      isCountable ? firstPoint(request, startingAnywhere(space, random), isSeen) : drawnPoint(request, random, isSeen),
  };
}

/** Keys of the values of all trials of a request. */
export function usedKeys({ space, completed, pending, infeasible, failed, pruned }: SuggestionRequest): Set<string> {
  const observed = [...completed, ...(pruned ?? [])].map(({ values }) => values);
  return keysOf(space, [...observed, ...pending, ...infeasible, ...(failed ?? [])]);
}

/** With every point used, a second measurement of one is the only choice; with every point infeasible, any will do. */
function smallestLeft(
  request: SuggestionRequest,
  used: ReadonlySet<string>,
  forbidden: ReadonlySet<string>,
): ReadonlySet<string> {
  const isLeft = (keys: ReadonlySet<string>) =>
    firstPoint(request, inOrder(request.space), (values) => keys.has(valuesKey(request.space, values))) !== undefined;
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

function inOrder(space: SearchSpace): Levels {
  return (name) => allValues(space[name] as Parameter);
}

function startingAnywhere(space: SearchSpace, random: Random): Levels {
  const starts = new Map(
    Object.entries(space).map(([name, parameter]) => [name, Math.floor(random.uniform() * cardinality(parameter))]),
  );
  return (name) => allValues(space[name] as Parameter, starts.get(name));
}

function keysOf(space: SearchSpace, points: readonly ParameterValues[]): Set<string> {
  return new Set(points.map((values) => valuesKey(space, values)));
}
