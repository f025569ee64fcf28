import type { Aims } from "../objective/outcomes.js";
import type { SuggestionRequest } from "../oracle/contract/suggestion.js";
import { rankTrials } from "../selection/ranking.js";
import { isInRegion } from "../space/constraint/region.js";
import { ordinaryTrials } from "../surrogate/observation/diverged-trials.js";
import { bestFront } from "./front/best-front.js";
import type { OracleSpec } from "./oracle-spec.js";
import { type DialogueTrial, observationOf, requestOf } from "./trial.js";

/**
 * Answers with the best completed trial: the first one that `rankTrials` ranks. A program may
 * report trials outside the constraints; they are ranked only if there are no others.
 */
export function bestTrial(spec: OracleSpec, trials: readonly DialogueTrial[]): Readonly<Record<string, unknown>> {
  const request = requestOf(spec, trials);
  if (spec.aims !== undefined) return bestOfSeveral(spec, spec.aims, { request, trials });
  const completed = ordinaryTrials(completedTrials(trials), request);
  const allowed = completed.filter(({ values }) => isInRegion(request, values));
  const [best] = rankTrials(request, allowed.length > 0 ? allowed : completed);
  if (best === undefined) return { error: 'no trial has completed; tell the "value" of one first' };
  const { id, values, objective, belief } = best;
  const interval = belief === undefined ? null : [belief.low, belief.high];
  return { id, values, value: objective, mean: belief?.mean ?? objective, interval };
}

/** A program may report trials outside the constraints; they count only if there are no others. */
function bestOfSeveral(
  { pick = "knee" }: OracleSpec,
  aims: Aims,
  { request, trials }: { readonly request: SuggestionRequest; readonly trials: readonly DialogueTrial[] },
): Readonly<Record<string, unknown>> {
  const completed = trials.flatMap((trial, number) =>
    trial.state === "completed" ? [{ id: String(number), ...observationOf(trial) }] : [],
  );
  const allowed = completed.filter(({ values }) => isInRegion(request, values));
  return bestFront(request, { aims, pick, trials: allowed.length > 0 ? allowed : completed });
}

function completedTrials(trials: readonly DialogueTrial[]) {
  return trials.flatMap(({ values, state, objective }, number) =>
    state === "completed" && objective !== undefined ? [{ id: String(number), values, objective }] : [],
  );
}
