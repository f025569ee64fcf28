import type { Pruner, PruningRequest, Verdict } from "./contract/pruner.js";

/**
 * Returns a pruner's verdict on the last epoch of a trial. A trial that would be the first to be
 * promoted once it is paused goes on at once.
 *
 * @param isLast - called for such a trial only: tells whether no other trial is under way and none
 *   can begin once the trial is paused
 */
export function verdictOf(pruner: Pruner, request: PruningRequest, isLast: () => boolean): Verdict {
  const verdict = pruner.judge(request);
  if (verdict.kind !== "pause" || pruner.promotions === undefined) return verdict;
  const { goal, trial, others, maxEpochs } = request;
  const trials = [...others, { ...trial, state: "paused" } as const];
  trials.sort((a, b) => a.trialNumber - b.trialNumber);
  const [next] = pruner.promotions({ goal, trials, maxEpochs, isLast: isLast() });
  return next?.trialNumber === trial.trialNumber ? { kind: "promote", rung: next.rung } : verdict;
}
