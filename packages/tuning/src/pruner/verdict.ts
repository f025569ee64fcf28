import type { Pruner, PruningRequest, SearchStage, Verdict } from "./contract/pruner.js";
import { inOrder } from "./learning-curve/in-order.js";

/**
 * Returns a pruner's verdict on the last epoch of a trial. A trial that would be the first to be
 * promoted once it is paused goes on at once.
 *
 * @param stageOf - called only for a trial that is to pause: returns the stage of the search once
 *   the trial is paused
 */
export function verdictOf(pruner: Pruner, request: PruningRequest, stageOf: () => SearchStage): Verdict {
  const verdict = pruner.judge(request);
  if (verdict.kind !== "pause" || pruner.promotions === undefined) return verdict;
  const { goal, trial, others, maxEpochs } = request;
  const trials = inOrder(others, { ...trial, state: "paused" });
  const [next] = pruner.promotions({ goal, trials, maxEpochs, ...stageOf() });
  return next?.trialNumber === trial.trialNumber ? { kind: "promote", rung: next.rung } : verdict;
}
