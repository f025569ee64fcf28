import { bestExpected } from "../oracle/bayesian/recommendation.js";
import { isInRegion } from "../space/constraint/region.js";
import { beliefsAt } from "../surrogate/belief/belief.js";
import { believable } from "../surrogate/observation/diverged-trials.js";
import type { OracleSpec } from "./oracle-spec.js";
import { type DialogueTrial, requestOf } from "./trial.js";

/** Trials whose posterior mean is looked at: the best measured ones; a trial behind so many is not the best. */
const CONTENDERS_MAX = 64;

/**
 * The trial to go with, as an answer: of those completed the one of the best posterior mean, for the best measured value
 * is partly luck; where there is no model yet, the best measured one, without an interval. Trials outside the constraints,
 * which a program may tell, are only taken if there are no others.
 */
export function bestTrial(spec: OracleSpec, trials: readonly DialogueTrial[]): Readonly<Record<string, unknown>> {
  const request = requestOf(spec, trials);
  const sign = spec.objective.goal === "maximize" ? 1 : -1;
  const contenders = believable(completedTrials(trials), request)
    .map((trial) => ({ ...trial, isAllowed: isInRegion(request, trial.values) }))
    .sort((a, b) => Number(b.isAllowed) - Number(a.isAllowed) || sign * (b.objective - a.objective))
    .filter((trial, _, [first]) => trial.isAllowed === first?.isAllowed)
    .slice(0, CONTENDERS_MAX);
  if (contenders.length === 0) return { error: "no trial has completed" };
  const beliefs = beliefsAt(
    request,
    contenders.map(({ values }) => values),
  );
  const expected = contenders.map((trial, i) => ({ ...trial, mean: beliefs?.[i]?.mean ?? trial.objective }));
  const best = bestExpected(expected, spec.objective.goal);
  const { id, values, objective, mean } = expected[best] as (typeof expected)[number];
  const belief = beliefs?.[best];
  return { id, values, value: objective, mean, interval: belief === undefined ? null : [belief.low, belief.high] };
}

function completedTrials(trials: readonly DialogueTrial[]) {
  return trials.flatMap(({ values, state, objective }, number) =>
    state === "completed" && objective !== undefined ? [{ id: String(number), values, objective }] : [],
  );
}
