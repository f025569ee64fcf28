import type { Explanation } from "../oracle/contract/explanation.js";
import type { SuggestionRequest } from "../oracle/contract/suggestion.js";
import { createOracle } from "../oracle/registry.js";
import { valuesKey } from "../space/values-key.js";
import type { OracleSpec } from "./oracle-spec.js";
import { reasonOf } from "./reports/verdicts.js";
import { type DialogueTrial, enqueuedSuggestion, numberOf, requestOf, trialsBefore, unknownId } from "./trial.js";

/**
 * Answers with the reasons for a suggestion: the history at that time and the oracle's explanation.
 */
export function explainTrial(
  spec: OracleSpec,
  trials: readonly DialogueTrial[],
  id: string,
): Readonly<Record<string, unknown>> {
  const number = numberOf(id);
  const trial = trials[number];
  if (trial === undefined) return { error: unknownId(id, trials) };
  if (trial.source === undefined) return { error: `trial ${id} was not suggested: the program told its own values` };
  const earlier = trialsBefore(trials, number);
  const request = requestOf(spec, earlier);
  const enqueued = enqueuedSuggestion(spec, earlier);
  const explanation: Explanation | "exhausted" =
    enqueued === undefined ? createOracle(spec.oracle).explain(request) : { suggestion: enqueued };
  if (explanation === "exhausted" || !isSame(spec, explanation, trial)) {
    return { error: `trial ${id} has no explanation: the oracle suggests other values when it is asked again` };
  }
  const { suggestion, place, model, front } = explanation;
  return {
    id,
    values: trial.values,
    source: suggestion.source,
    known: knownOf(request),
    ...verdictOf(spec, trial),
    ...(place === undefined ? {} : { place }),
    ...(model === undefined ? {} : { model }),
    ...(front === undefined ? {} : { model: front }),
  };
}

/** Says why the pruner stopped a trial, or why it waits. */
function verdictOf(spec: OracleSpec, { state, training }: DialogueTrial): Readonly<Record<string, string>> {
  if (training?.evidence === undefined || (state !== "pruned" && state !== "paused")) return {};
  return { [state]: reasonOf(spec, training.evidence) };
}

function isSame({ parameters }: OracleSpec, { suggestion }: Explanation, { values }: DialogueTrial): boolean {
  return valuesKey(parameters, suggestion.values) === valuesKey(parameters, values);
}

function knownOf({ completed, pending, infeasible, failed = [], pruned = [], partial }: SuggestionRequest) {
  return {
    completed: completed.length,
    pending,
    infeasible: infeasible.length,
    failed: failed.length,
    pruned: pruned.length,
    ...(partial === undefined ? {} : { partial: partial.length }),
  };
}
