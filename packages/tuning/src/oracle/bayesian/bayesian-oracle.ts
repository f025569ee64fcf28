import type { Oracle } from "../contract/oracle.js";
import type { SuggestionRequest } from "../contract/suggestion.js";
import { explainDecision } from "./explanation.js";
import { decide } from "./model-search.js";
import { withOutlook } from "./outlook.js";

/**
 * Bayesian optimisation with a Gaussian process as the surrogate of the objective. The next point
 * has the largest logarithm of expected improvement (Ament et al., Unexpected improvements to
 * expected improvement, 2023). The first d + 1 trials, at least three, spread over the space; the
 * very first one is at the parameters' defaults, or in the middle.
 */
export const bayesianOracle: Oracle = {
  suggest: (request) => finalOnly(request, (own) => withOutlook(own, decide(own))),
  explain: (request) => finalOnly(request, (own) => explainDecision(own, decide(own))),
};

/** Bayesian optimisation that also learns from results before the end of trainings. */
export const fidelityOracle: Oracle = {
  suggest: (request) =>
    knowsPartial(request) ? withOutlook(request, decide(request)) : bayesianOracle.suggest(request),
  explain: (request) =>
    knowsPartial(request) ? explainDecision(request, decide(request)) : bayesianOracle.explain(request),
};

/** Returns true if a request of one objective has a result before the end of a training. */
function knowsPartial({ partial = [], aims }: SuggestionRequest): boolean {
  return partial.length > 0 && aims === undefined;
}

function finalOnly<T>({ partial, ...request }: SuggestionRequest, answer: (request: SuggestionRequest) => T): T {
  return answer(request);
}
