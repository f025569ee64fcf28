import type { Random } from "../random/random.js";
import { spaceSize, valuesAtIndex } from "../space/enumeration.js";
import type { ParameterValues, SearchSpace } from "../space/parameter.js";
import { valuesKey } from "../space/values-key.js";
import type { SuggestionRequest } from "./oracle.js";

/** Which values a study has used, so that no trial repeats another while there is something else to try. */
export interface SeenValues {
  /** Whether a trial has these values. Once every point of the space is used: whether they were infeasible. */
  has(values: ParameterValues): boolean;
  /** Values that are not seen, found by counting on from a random point; undefined if there are none or no end of them. */
  findUnseen(random: Random): ParameterValues | undefined;
}

/** Beyond this size a space is searched by chance alone: it cannot be used up. */
const COUNTABLE_MAX = 2 ** 32;

/** The values of a request's trials, whatever became of them. */
export function seenValues(request: SuggestionRequest): SeenValues {
  const { space, completed, pending, infeasible } = request;
  const size = spaceSize(space);
  const forbidden = keysOf(space, infeasible);
  const used = keysOf(space, [...completed.map(({ values }) => values), ...pending, ...infeasible]);
  // With every point used, a second measurement of one is the only choice; with every point infeasible, any will do.
  const seen = used.size < size ? used : forbidden.size < size ? forbidden : new Set<string>();
  return {
    has: (values) => seen.has(valuesKey(space, values)),
    findUnseen: (random) => {
      if (size > COUNTABLE_MAX) return undefined;
      const start = random.integer(size);
      for (let step = 0; step <= seen.size && step < size; step++) {
        const values = valuesAtIndex(space, (start + step) % size);
        if (!seen.has(valuesKey(space, values))) return values;
      }
      return undefined;
    },
  };
}

function keysOf(space: SearchSpace, points: readonly ParameterValues[]): Set<string> {
  return new Set(points.map((values) => valuesKey(space, values)));
}
