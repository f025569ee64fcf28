import { waitingPoints } from "../points/enqueued.js";
import { unmadeTrials } from "../points/unmade.js";
import { isLeased, isOutstanding, type Study } from "../state/study.js";

/**
 * Returns how many trainers could work for a study: one for each trial that has not ended, and for
 * each that the study would begin at once if trainers came. Not limited by the trainers that
 * live. Of a paused study, only the trials under way count.
 */
export function wantedTrainers(study: Study): number {
  if (study.pause !== undefined) return study.trials.filter(isLeased).length;
  const { status, outstandingCount, searchEnded, oracleExhausted, spec } = study;
  const test = study.testRun !== undefined && isOutstanding(study.testRun) ? 1 : 0;
  if (status !== "active") return status === "finalizing" ? test : 0;
  if (searchEnded === true || study.stopping !== undefined) return outstandingCount;
  const { parallelTrials = Number.POSITIVE_INFINITY } = spec.budget;
  const unmade = oracleExhausted === true ? waitingPoints(study) : unmadeTrials(study);
  const further = Math.min(unmade, parallelTrials - outstandingCount);
  return outstandingCount + Math.max(0, further);
}
