// The computations of the task thread, whose arguments and results are copied between threads. All
// are pure, apart from the number of suggestions, which depends on the time that they take.

import { type Importance, type ImportanceOptions, importanceOf } from "@sintonia/tuning/importance/importance";
import type { Explanation } from "@sintonia/tuning/oracle/contract/explanation";
import { type SuggestionsResult, suggestSuccessively } from "@sintonia/tuning/oracle/contract/successive-suggestions";
import type { Suggestion, SuggestionRequest } from "@sintonia/tuning/oracle/contract/suggestion";
import { createOracle } from "@sintonia/tuning/oracle/registry";
import { contendersWithin, selectTrial } from "@sintonia/tuning/selection/select-front";
import { parseStudySpec } from "@sintonia/tuning/spec/check/parse";
import type { OracleSettings } from "@sintonia/tuning/spec/study-spec";
import { type Slice, type SlicePlan, sliceOf } from "@sintonia/tuning/surrogate/belief/slice";

/**
 * Time after which no further suggestion is added to an answer, in milliseconds. A model takes
 * longer for one, so that each of its suggestions knows every result, and no trainer waits for
 * those of others.
 */
const SUGGESTING_MS = 20;

/**
 * Size of the values after which an answer has no further suggestion, in characters of JSON. The
 * largest values have 80,000, and all trials of an answer fit into a record.
 */
const SUGGESTIONS_LENGTH_MAX = 200_000;

/** The computations by name. */
export const TASKS = {
  suggest: (oracle: OracleSettings, count: number, request: SuggestionRequest): SuggestionsResult =>
    suggestSuccessively(createOracle(oracle), request, limit(count)),
  contenders: contendersWithin,
  select: selectTrial,
  explain: (oracle: OracleSettings, request: SuggestionRequest): Explanation | "exhausted" =>
    createOracle(oracle).explain(request),
  importance: (request: SuggestionRequest, options: ImportanceOptions): Importance | undefined =>
    importanceOf(request, options),
  slice: (request: SuggestionRequest, plan: SlicePlan): Slice | undefined => sliceOf(request, plan),
  readSpec: parseStudySpec,
};

/** The types of the computations. */
export type Tasks = typeof TASKS;

/** Returns a predicate that ends an answer at its limits. */
function limit(count: number): (suggestions: readonly Suggestion[]) => boolean {
  const endMs = performance.now() + SUGGESTING_MS;
  let length = 0;
  return (suggestions) => {
    length += JSON.stringify(suggestions.at(-1)).length;
    return suggestions.length >= count || length >= SUGGESTIONS_LENGTH_MAX || performance.now() >= endMs;
  };
}
