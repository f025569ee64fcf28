import { type Aims, outcomeNames } from "../objective/outcomes.js";
import type { SuggestionRequest } from "../oracle/contract/suggestion.js";
import { chooseFront, type FrontMember, meanOf, type OutcomeTrial } from "../selection/front-choice.js";
import { rankTrials } from "../selection/ranking.js";
import { isInRegion } from "../space/constraint/region.js";
import { ordinaryTrials } from "../surrogate/observation/diverged-trials.js";
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

/**
 * Answers with the front as a set: the told outcomes of its trials, the expected ones and their
 * 95 % intervals, and one trial, picked by the rule; or with an error if no trial keeps the limits.
 * A program may report trials outside the constraints; they count only if there are no others.
 */
function bestOfSeveral(
  { pick = "knee" }: OracleSpec,
  aims: Aims,
  { request, trials }: { readonly request: SuggestionRequest; readonly trials: readonly DialogueTrial[] },
): Readonly<Record<string, unknown>> {
  const completed = trials.flatMap((trial, number) =>
    trial.state === "completed" ? [{ id: String(number), ...observationOf(trial) }] : [],
  );
  const allowed = completed.filter(({ values }) => isInRegion(request, values));
  const candidates = allowed.length > 0 ? allowed : completed;
  if (candidates.length === 0) return { error: 'no trial has completed; tell the "outcomes" of one first' };
  const choice = chooseFront(request, { aims, pick, trials: candidates });
  if (choice.kind === "none") return { error: choice.reason };
  const front = choice.members.map((member) => memberAnswer(aims, member, candidates));
  return { front, pick: { id: choice.pickedId, rule: pick === "knee" ? "knee" : "weights" } };
}

function memberAnswer(aims: Aims, { trialId, outcomes }: FrontMember, trials: readonly OutcomeTrial[]) {
  const byName = (value: (name: string) => unknown) =>
    Object.fromEntries(outcomeNames(aims).map((name) => [name, value(name)]));
  return {
    id: trialId,
    values: trials.find(({ id }) => id === trialId)?.values,
    outcomes: byName((name) => outcomes[name]?.measured),
    mean: byName((name) => meanOf(outcomes[name])),
    interval: byName((name) => {
      const expected = outcomes[name]?.expected;
      return expected === undefined ? null : [expected.low, expected.high];
    }),
  };
}

function completedTrials(trials: readonly DialogueTrial[]) {
  return trials.flatMap(({ values, state, objective }, number) =>
    state === "completed" && objective !== undefined ? [{ id: String(number), values, objective }] : [],
  );
}
