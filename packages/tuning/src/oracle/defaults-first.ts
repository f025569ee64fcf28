import { valuesKey } from "../space/values-key.js";
import { declaredDefaults } from "./contract/default-values.js";
import type { Oracle } from "./contract/oracle.js";
import { usedKeys } from "./contract/seen-values.js";
import { type Suggestion, type SuggestionRequest, suggestionIndexOf } from "./contract/suggestion.js";

/**
 * Returns an oracle that suggests the declared defaults before anything else. It leaves them out if
 * a trial, told values or a warm start have them already.
 */
export function defaultsFirst(oracle: Oracle): Oracle {
  return {
    suggest: (request) => untriedDefaults(request) ?? oracle.suggest(request),
    explain: (request) => {
      const suggestion = untriedDefaults(request);
      return suggestion === undefined ? oracle.explain(request) : { suggestion };
    },
  };
}

function untriedDefaults(request: SuggestionRequest): Suggestion | undefined {
  if (suggestionIndexOf(request) > 0) return undefined;
  const values = declaredDefaults(request);
  if (values === undefined || usedKeys(request).has(valuesKey(request.space, values))) return undefined;
  return { values, source: "defaults" };
}
