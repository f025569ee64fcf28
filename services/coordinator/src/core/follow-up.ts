// From what has happened to what is to be done about it.

import type { Effect } from "./boundary/effect.js";
import { replication } from "./query/replicates.js";
import type { StudyEvent } from "./state/event.js";
import { findTrial, type Study, type Trial } from "./state/study.js";

/**
 * The effects of a step's events.
 *
 * @param after - the study after the step
 * @param before - the study before it; undefined when the step created it
 */
export function effectsOf(events: readonly StudyEvent[], after: Study, before: Study | undefined): readonly Effect[] {
  const followUps = events.flatMap((event): readonly Effect[] => {
    switch (event.type) {
      case "trial-queued":
        return [{ type: "publish-assignment", trialId: event.trialId, attempt: 1 }];
      case "trial-requeued":
        return [{ type: "publish-assignment", trialId: event.trialId, attempt: event.attempt }];
      case "trial-cancelled":
        return before !== undefined && findTrial(before, event.trialId)?.state === "queued"
          ? [{ type: "withdraw-assignment", trialId: event.trialId }]
          : [];
      case "search-ended":
        return choiceOfContenders(after);
      case "study-finalizing":
      case "best-selected":
        return finalization(after);
      default:
        return [];
    }
  });
  return [...followUps, ...deletions(before, after)];
}

/** The checkpoints that a step made superfluous: newer ones stand in their place, or their trial has ended. */
function deletions(before: Study | undefined, after: Study): readonly Effect[] {
  const changed = before?.trials.filter((trial, number) => trial !== after.trials[number]) ?? [];
  return changed.flatMap(({ number, checkpoints }) => {
    const named = new Set(after.trials[number]?.checkpoints.map(({ artifact }) => artifact.sha256));
    const dropped = checkpoints.filter(({ artifact }) => !named.has(artifact.sha256));
    return dropped.map(({ artifact }) => ({ type: "delete-checkpoint", sha256: artifact.sha256 }) as const);
  });
}

/**
 * Everything that a replayed study may still be waiting for. Checkpoints that were not deleted are no longer known to it: they
 * are what is stored and named by no study.
 */
export function recoveryEffects(study: Study): readonly Effect[] {
  const queued = study.trials.filter((trial) => trial.state === "queued");
  return [...queued.map(assignment), ...choiceOfContenders(study), ...finalization(study)];
}

/** Puts a queued trial's assignment on the queue. */
export function assignment({ id, attempt }: Trial): Effect {
  return { type: "publish-assignment", trialId: id, attempt };
}

function choiceOfContenders(study: Study): readonly Effect[] {
  const isAwaited = study.status === "active" && study.searchEnded === true && study.contenders === undefined;
  return isAwaited ? [{ type: "choose-contenders", count: replication(study)?.top ?? 0 }] : [];
}

/** The choice of the best trial, and once it is known its evaluation. */
function finalization(study: Study): readonly Effect[] {
  if (study.status !== "finalizing") return [];
  if (study.bestTrialId === undefined) return [{ type: "select-best" }];
  const best = findTrial(study, study.bestTrialId);
  if (best?.weights === undefined) return [];
  return [{ type: "evaluate-best", trialId: best.id, weights: best.weights }];
}
