// Suggestions for several trials by one request, each as if it were asked for once the one before
// was queued.

import type { Oracle } from "./oracle.js";
import { isOracleChoice, type Suggestion, type SuggestionRequest, suggestionIndexOf } from "./suggestion.js";

/**
 * Suggestions for successive trials, at least one; "exhausted" if the oracle will never propose
 * another point.
 */
export type SuggestionsResult = readonly Suggestion[] | "exhausted";

/**
 * Suggests the values of successive trials. Ends early at a fault or where the oracle is exhausted,
 * which a later request then meets first.
 *
 * @param isEnough - tells after each suggestion whether to end
 * @throws any error of the oracle for the first trial
 */
export function suggestSuccessively(
  oracle: Pick<Oracle, "suggest">,
  request: SuggestionRequest,
  isEnough: (suggestions: readonly Suggestion[]) => boolean,
): SuggestionsResult {
  const first = oracle.suggest(request);
  if (first === "exhausted") return first;
  const suggestions = [first];
  let [latest, next] = [first, request];
  while (!isEnough(suggestions)) {
    next = requestAfter(next, latest);
    const suggestion = suggestionOrNone(oracle, next);
    if (suggestion === undefined) break;
    suggestions.push(suggestion);
    latest = suggestion;
  }
  return suggestions;
}

/** Returns the request for the trial after one that is queued with a suggestion. */
function requestAfter(request: SuggestionRequest, { values, source }: Suggestion): SuggestionRequest {
  const isOwn = isOracleChoice(source);
  return {
    ...request,
    pending: [...request.pending, values],
    trialNumber: request.trialNumber + 1,
    suggestionIndex: suggestionIndexOf(request) + (isOwn ? 1 : 0),
    ...(isOwn ? { latestSuggestion: values } : {}),
  };
}

function suggestionOrNone(oracle: Pick<Oracle, "suggest">, request: SuggestionRequest): Suggestion | undefined {
  try {
    const suggestion = oracle.suggest(request);
    return suggestion === "exhausted" ? undefined : suggestion;
  } catch {
    // Ignored: the next request is for this trial, and meets the fault again.
    return undefined;
  }
}
