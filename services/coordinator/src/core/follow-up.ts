// The effects that follow from events, and those that a restart repeats.

import type { Effect } from "./boundary/effect.js";
import { awaitsContenders, replication } from "./query/replicates.js";
import { type StudyEvent, trialsOf } from "./state/event.js";
import { nextTested } from "./state/reopening.js";
import { findTrial, leasableTrials, type Study, type Trial } from "./state/study.js";

/**
 * Returns the effects of a step's events.
 *
 * @param after - the study after the step
 * @param before - the study before the step; undefined if the step created the study
 */
export function effectsOf(events: readonly StudyEvent[], after: Study, before: Study | undefined): readonly Effect[] {
  const followUps = events.flatMap((event): readonly Effect[] => {
    switch (event.type) {
      case "study-created":
      case "study-reopened":
        return [{ type: "check-test-data" }];
      case "trial-queued":
        return [{ type: "publish-assignment", trialId: event.trialId, attempt: 1 }];
      case "test-queued":
        return after.testRun === undefined ? [] : [assignment(after.testRun)];
      case "trial-requeued":
      case "trial-promoted":
        if (after.pause !== undefined || event.attempt === undefined) return [];
        return [{ type: "publish-assignment", trialId: event.trialId, attempt: event.attempt }];
      case "study-paused":
        return withdrawals(after);
      case "study-resumed":
        return queuedTrials(after).map(assignment);
      case "trial-cancelled":
        return before !== undefined && findTrial(before, event.trialId)?.state === "queued"
          ? [{ type: "withdraw-assignment", trialId: event.trialId }]
          : [];
      case "search-ended":
        return contenderChoice(after);
      case "study-finalizing":
      case "best-selected":
      case "front-tested":
        return finalization(after);
      case "study-deleted":
        return [{ type: "erase-study" }];
      default:
        return [];
    }
  });
  return [...followUps, ...deletions(events, before, after)];
}

/**
 * Returns the deletions of checkpoints that the step's trials no longer name: newer ones replaced
 * them, or the trial ended.
 */
function deletions(events: readonly StudyEvent[], before: Study | undefined, after: Study): readonly Effect[] {
  if (before === undefined) return [];
  return trialsOf(events).flatMap((trialId) => {
    const stored = findTrial(before, trialId)?.checkpoints ?? [];
    if (stored.length === 0) return [];
    const kept = new Set(findTrial(after, trialId)?.checkpoints.map(({ artifact }) => artifact.sha256));
    const dropped = stored.filter(({ artifact }) => !kept.has(artifact.sha256));
    return dropped.map(({ artifact }) => ({ type: "delete-checkpoint", sha256: artifact.sha256 }) as const);
  });
}

/**
 * Returns the effects that the former process of a replayed study may not have carried out.
 * Deletions are not among them: the shell deletes all stored checkpoints that no study names.
 */
export function recoveryEffects(study: Study): readonly Effect[] {
  const queued = study.pause === undefined ? queuedTrials(study).map(assignment) : withdrawals(study);
  const searches = study.status === "active" && study.searchEnded !== true && study.spentLimit === undefined;
  const check: Effect[] = searches ? [{ type: "check-test-data" }] : [];
  return [...check, ...queued, ...contenderChoice(study), ...finalization(study)];
}

function queuedTrials(study: Study): readonly Trial[] {
  return leasableTrials(study).filter(({ state }) => state === "queued");
}

function withdrawals(study: Study): readonly Effect[] {
  return queuedTrials(study).map(({ id }) => ({ type: "withdraw-assignment", trialId: id }));
}

/** Returns the effect that publishes a queued trial's assignment. */
export function assignment({ id, attempt }: Trial): Effect {
  return { type: "publish-assignment", trialId: id, attempt };
}

function contenderChoice(study: Study): readonly Effect[] {
  if (!awaitsContenders(study)) return [];
  return [{ type: "choose-contenders", count: replication(study)?.top ?? 0, reopenings: study.reopenings ?? 0 }];
}

/**
 * Returns the effect that a finalizing study waits for: the choice of the best trial, or the
 * evaluation of it or of another trial of the front. A test run needs none.
 */
function finalization(study: Study): readonly Effect[] {
  if (study.status !== "finalizing" || study.testRun !== undefined) return [];
  if (study.bestTrialId === undefined) return [{ type: "select-best" }];
  const tested = findTrial(study, nextTested(study) ?? "");
  if (tested?.weights === undefined) return [];
  return [{ type: "evaluate-best", trialId: tested.id, weights: tested.weights }];
}
