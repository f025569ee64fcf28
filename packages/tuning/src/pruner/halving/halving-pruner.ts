import type { Evidence, Pruner, PruningRequest, Verdict } from "../contract/pruner.js";
import { inOrder } from "../learning-curve/in-order.js";
import { epochText, figureText } from "../text/evidence-text.js";
import type { BracketPlan } from "./bracket.js";
import { promotionsOf } from "./promotions.js";
import { bestOf, limitObjective, objectiveAt, rungOf } from "./rung.js";

/**
 * Returns the pruner that pauses trials at the rungs of their brackets. A trial goes on at once if
 * it is among the best floor(n / reductionFactor) of the n trials that have reached the rung.
 *
 * Rungs count epochs of the first execution; no later execution is paused.
 *
 * @see Li et al. 2020, A System for Massively Parallel Hyperparameter Tuning, algorithm 2
 */
export function halvingPruner(name: "asha" | "hyperband", plan: BracketPlan): Pruner {
  return {
    judge: (request) => judge(request, name, plan),
    promotions: (request) => promotionsOf(request, plan),
    reason: (evidence, metric) => reason(evidence, metric, plan),
  };
}

function judge({ goal, trial, others, maxEpochs }: PruningRequest, pruner: "asha" | "hyperband", plan: BracketPlan) {
  const epochs = trial.executions.length === 1 ? (trial.executions[0]?.length ?? 0) : 0;
  const bracket = plan.bracketOf(trial.trialNumber, maxEpochs);
  // Training may be some epochs ahead of the verdict at a rung.
  const reached = bracket.rungs.findLast((rung) => rung <= epochs);
  if (reached === undefined || trial.promotedFrom >= reached) return { kind: "continue" } as const;
  const rivals = others.filter(({ trialNumber }) => plan.bracketOf(trialNumber, maxEpochs) === bracket);
  const rung = rungOf(reached, inOrder(rivals, trial), goal);
  const trials = rung.curves.length;
  const promoted = Math.floor(trials / plan.reductionFactor);
  if (bestOf(rung, promoted).includes(trial)) return { kind: "promote", rung: reached } as const;
  const evidence: Evidence = {
    pruner,
    execution: 0,
    epoch: reached - 1,
    value: objectiveAt(rung, trial),
    limit: limitObjective(rung, Math.max(1, promoted)),
    trials,
    ...(bracket.number === undefined ? {} : { bracket: bracket.number }),
  };
  return { kind: "pause", evidence } satisfies Verdict;
}

function reason(evidence: Evidence, metric: string, { reductionFactor }: BracketPlan): string {
  const { value, limit, trials = 1, bracket } = evidence;
  const rung = `at this rung${bracket === undefined ? "" : ` of bracket ${bracket}`}`;
  const figure = `In ${epochText(evidence)} its best ${metric}, ${figureText(value)},`;
  const promoted = Math.floor(trials / reductionFactor);
  if (trials === 1) return `${figure} was the only one ${rung}, where one of ${reductionFactor} trials goes on.`;
  if (promoted < 2) return `${figure} was not the best of ${trials} trials ${rung}, ${figureText(limit)}.`;
  const best = `the best ${promoted} of ${trials} trials ${rung}`;
  return `${figure} was not among ${best}, the last with ${figureText(limit)}.`;
}
