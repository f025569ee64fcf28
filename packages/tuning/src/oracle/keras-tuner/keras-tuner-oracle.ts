// The Bayesian oracle of KerasTuner 1.4.7, for comparisons. Three of its defects are corrected
// unless the spec says `faithful: true`:
//
// - The length scale may collapse to 1e-5, where observations have no influence on each other and
//   the suggestion is a random point. Corrected: the length scale stays above 1/20 of the cube's
//   edge.
// - Pending trials get the posterior mean of the Gaussian process of the call before; at first that
//   is an unfitted one with mean 1, whatever the objective's size. Corrected: the process is fitted
//   to the observations first.
// - In a discrete space, the random phase ends the study after 21 repeated draws in a row, although
//   points are left, and the model suggests points that trials have. Corrected: every point is
//   visited before one is repeated.

import type { Oracle } from "../contract/oracle.js";
import { explainDecision } from "./explanation.js";
import { decide } from "./model-search.js";

/**
 * KerasTuner's algorithm: random values until max(3 d, 3) trials are complete for d parameters;
 * afterwards the point with the lowest confidence bound of a Gaussian process.
 *
 * @param isFaithful - true keeps the defects
 */
export function kerasTunerOracle(isFaithful: boolean): Oracle {
  return {
    suggest: (request) => decide(request, isFaithful).suggestion,
    explain: (request) => explainDecision(request, decide(request, isFaithful)),
  };
}
