// The end of trials that take too long. Their values make training slow, so they are infeasible:
// the oracle learns to avoid them, and they count for no failure.

import { hasAllEpochs } from "../../query/trial-plan.js";
import { leaseMs } from "../../spending/lease-time.js";
import type { EventOf } from "../../state/event.js";
import { isLeased, type Study, type Trial } from "../../state/study.js";

/**
 * Returns the ends of the leased trials that take longer than the budget allows. Applied after
 * every input.
 *
 * @param wallMs - wall time in milliseconds since 1970
 */
export function overlongTrials(study: Study, wallMs: number): readonly EventOf<"trial-infeasible">[] {
  const { maxSecondsPerTrial: max } = study.spec.budget;
  if (max === undefined || study.outstandingCount === 0) return [];
  const message = `It took longer than budget.maxSecondsPerTrial, ${max} s.`;
  return study.trials
    .filter((trial) => isLeased(trial) && takenMs(trial, wallMs) >= 1000 * max && !hasAllEpochs(study, trial))
    .map(({ id: trialId }) => ({ type: "trial-infeasible", trialId, message }));
}

function takenMs(trial: Trial, wallMs: number): number {
  return (trial.leasedMs ?? 0) + leaseMs(trial, wallMs);
}
