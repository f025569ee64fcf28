import type { Explanation } from "./explanation.js";
import type { SuggestionRequest, SuggestionResult } from "./suggestion.js";

/**
 * Proposes parameter values. Both methods are functions of the request alone: the same request
 * gives the same answer, bit for bit.
 */
export interface Oracle {
  /**
   * Proposes the values of the next trial. With several trainers, the coordinator calls it once
   * per free trainer; the values of the earlier calls are then among `pending`.
   */
  suggest(request: SuggestionRequest): SuggestionResult;
  /** Computes the same suggestion together with the reasons for it. */
  explain(request: SuggestionRequest): Explanation | "exhausted";
}

/** Returns an oracle whose suggestion is that of its explanation. */
export function explainingOracle(explain: Oracle["explain"]): Oracle {
  return {
    suggest: (request) => {
      const explanation = explain(request);
      return explanation === "exhausted" ? explanation : explanation.suggestion;
    },
    explain,
  };
}
