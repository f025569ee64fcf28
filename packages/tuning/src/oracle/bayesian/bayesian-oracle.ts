import type { Oracle } from "../contract/oracle.js";
import { explainDecision } from "./explanation.js";
import { decide } from "./model-search.js";
import { withOutlook } from "./outlook.js";

/**
 * Bayesian optimisation. A Gaussian process is the surrogate of the objective, and the point with
 * the largest logarithm of expected improvement is the next one (Ament et al., Unexpected
 * improvements to expected improvement, 2023). The first d + 1 trials, at least three, spread over
 * the space; the very first one is at the parameters' defaults, or in the middle.
 */
export const bayesianOracle: Oracle = {
  suggest: (request) => withOutlook(request, decide(request)),
  explain: (request) => explainDecision(request, decide(request)),
};
