// The end of a search by a limit of its costs. Trials under way are cancelled, and no epoch counts
// beyond the limit. Two kinds of trials may still complete, since they may need no further epoch:
// those that have reported all epochs of their plan, and the one whose report spent the last epoch.

import type { SearchLimit } from "@sintonia/tuning/spec/study-spec";
import { isCost, isReached, limitOf, spentText } from "../../budget/limits.js";
import { type StudyTimes, usedOf } from "../../budget/used.js";
import { hasAllEpochs } from "../../query/trial-plan.js";
import { isOfSearch } from "../../spending/lease-time.js";
import type { EventOf, StudyEvent } from "../../state/event.js";
import { isLeased, isOutstanding, type SpentLimit, type Study, type Trial } from "../../state/study.js";

/** The limits that a search can reach while its trials are under way. */
const RUNNING_LIMITS = ["maxEpochs", "maxSeconds", "maxTrainerSeconds"] as const satisfies readonly SearchLimit[];

/**
 * Returns the events of a step in which the search reaches a limit, and those that cancel what is
 * still under way after it. Applied after every input.
 *
 * @param decided - the events of the step so far, which `study` contains
 */
export function spendingEvents(study: Study, decided: readonly StudyEvent[], times: StudyTimes): readonly StudyEvent[] {
  if (study.status !== "active" || study.searchEnded === true) return [];
  const { spentLimit } = study;
  if (spentLimit !== undefined && isCost(spentLimit.limit)) return stoppedTrials(study, spentLimit);
  // The trials that a limit of improvement leaves under way are bounded by the other limits.
  if (spentLimit !== undefined && study.outstandingCount === 0) return [];
  const limit = RUNNING_LIMITS.find((candidate) => isOver(study, candidate, times));
  if (limit === undefined) return [];
  const { trialId } = decided.findLast(isReport) ?? {};
  const finishing = limit === "maxEpochs" && trialId !== undefined ? { finishing: trialId } : {};
  const spent = { limit, max: limitOf(study, limit) ?? 0, ...finishing };
  return [{ type: "budget-spent", ...spent }, ...stoppedTrials(study, spent)];
}

function isOver(study: Study, limit: SearchLimit, times: StudyTimes): boolean {
  const max = limitOf(study, limit);
  return max !== undefined && isReached(limit, usedOf(study, limit, times) ?? 0, max);
}

function isReport(event: StudyEvent): event is EventOf<"epoch-reported"> {
  return event.type === "epoch-reported";
}

function stoppedTrials(study: Study, spent: SpentLimit): readonly EventOf<"trial-cancelled">[] {
  if (study.outstandingCount === 0) return [];
  const stopped = study.trials.filter((trial) => {
    return isOutstanding(trial) && isOfSearch(trial) && !mayComplete(study, trial, spent);
  });
  return stopped.map(({ id: trialId }) => ({ type: "trial-cancelled", trialId, reason: spentText(spent) }));
}

function mayComplete(study: Study, trial: Trial, { finishing }: SpentLimit): boolean {
  return isLeased(trial) && (trial.id === finishing || hasAllEpochs(study, trial));
}
