import { beliefs } from "../oracle/bayesian/belief.js";
import { isInRegion } from "../space/region.js";
import type { OracleSpec } from "../spec/oracle-spec.js";
import { type DialogueTrial, requestOf } from "./trial.js";

/**
 * The trial to go with, as an answer: of those completed the one of the best posterior mean, for the best measured value
 * is partly luck; where there is no model yet, the best measured one, without an interval. Trials outside the constraints,
 * which a program may tell, are only taken if there are no others.
 */
export function bestTrial(spec: OracleSpec, trials: readonly DialogueTrial[]): Readonly<Record<string, unknown>> {
  const request = requestOf(spec, trials);
  const completed = trials.flatMap((trial, number) => (trial.state === "completed" ? [{ trial, number }] : []));
  if (completed.length === 0) return { error: "no trial has completed" };
  // Results of other studies stand in front.
  const believed = beliefs(request)?.slice(-completed.length);
  const sign = spec.objective.goal === "maximize" ? 1 : -1;
  const rated = completed.map(({ trial, number }, i) => {
    const belief = believed?.[i];
    const mean = belief?.mean ?? (trial.objective as number);
    return { trial, number, belief, mean, score: sign * mean };
  });
  const allowed = rated.filter(({ trial }) => isInRegion(request, trial.values));
  const { trial, number, belief, mean } = (allowed.length > 0 ? allowed : rated).reduce((best, other) =>
    other.score > best.score ? other : best,
  );
  const interval = belief === undefined ? null : [belief.low, belief.high];
  return { id: String(number), values: trial.values, value: trial.objective, mean, interval };
}
