// The outlook of a search: the expected improvement by its suggestion, and the gap between the best
// trial and the best objective that the posterior holds possible.
//
//   t(x) ~ N(m, s²)   posterior of the target at x given the completed trials; larger is better
//   b                 largest m of a completed trial
//   gap               objective at max over x of (m + 1.96 s), less the objective at b
//
// The gap bounds the simple regret with high probability if the model holds, as in Makarova et
// al., Automatic Termination for Hyperparameter Optimization, 2022. Their level grows; this one is
// fixed. The maximum is taken over the candidates of the search for the suggestion: several
// hundred points, and local optima. The maximum over the whole space may be a little larger.

import { objectiveAtTarget, type Units } from "../../surrogate/observation/objective-units.js";
import type { Outlook, SuggestionRequest, SuggestionResult } from "../contract/suggestion.js";
import { expectedGain } from "./acquisition/improvement.js";
import { bestTrial, knownProcess } from "./explanation.js";
import { isInside } from "./feasibility/chance-constraint.js";
import type { Decision, ModelSearch } from "./model-search.js";

/**
 * Fewest completed trials for an outlook, as for Optuna's `Terminator`. The model of fewer trials
 * is often far too sure: after three trials of a hill, it expects hardly any improvement.
 */
export const OUTLOOK_TRIALS_MIN = 20;

/** Standard deviations from the mean to each end of a central 95 % interval. */
const REACH = 1.96;

/** Returns the suggestion of a decision, with its outlook if the request wants it. */
export function withOutlook(request: SuggestionRequest, decision: Decision): SuggestionResult {
  const { suggestion, search } = decision;
  const isEarly = request.completed.length < OUTLOOK_TRIALS_MIN;
  if (request.wantsOutlook !== true || suggestion === "exhausted" || search === undefined || isEarly) return suggestion;
  const outlook = outlookOf(request, decision, search);
  // JSON has no infinities, and an infinite outlook says nothing.
  return Object.values(outlook).every(Number.isFinite) ? { ...suggestion, outlook } : suggestion;
}

function outlookOf(
  request: SuggestionRequest,
  { design }: Decision,
  { criterion, ranked, values }: ModelSearch,
): Outlook {
  const { surrogate } = criterion;
  const posterior = knownProcess(surrogate);
  const units: Units = { warped: surrogate.warped, scale: surrogate.sample.scale, goal: request.goal };
  const best = bestTrial(request, design, { criterion, posterior }).prediction.mean;
  const gain = (target: number) => Math.abs(objectiveAtTarget(units, target) - objectiveAtTarget(units, best));
  const suggested = posterior.predict(design.encode(values));
  const inside = ranked.filter(({ value }) => isInside(value)).map(({ point }) => posterior.predict(point));
  const bounds = [suggested, ...inside].map(({ mean, variance }) => mean + REACH * Math.sqrt(variance));
  return {
    expectedImprovement: expectedGain({ mean: suggested.mean, sd: Math.sqrt(suggested.variance) }, best, gain),
    gap: gain(Math.max(best, ...bounds)),
  };
}
