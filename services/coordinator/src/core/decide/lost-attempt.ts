// The loss of an attempt: the trial returns to the queue or fails, and the study may set the
// trainer aside.
//
// cause                                 counts    trainer
// the trainer was asked to stop         no
// its data or engine is not usable      no        set aside
// any, after the attempt advanced       no, unless the trial has stalled
// any, on a trainer that never          no        set aside, if another one is there and none
// trained a trial of the study                    failed at this trial before
// any other                             yes

import type { EventOf, StudyEvent } from "../state/event.js";
import { hasAdvanced } from "../state/failures.js";
import type { Study, Trial } from "../state/study.js";
import { findSetAside } from "../state/trainers.js";

/**
 * Attempts in a row that may advance without getting further than an earlier attempt. Each further
 * one counts, so that a trial that dies at the same epoch every time ends. Ten is far above the
 * number of interruptions between two checkpoints.
 */
export const STALLED_MAX = 10;

/** Returns a trial to the queue under its next attempt, without counting the lost one. */
export function requeue(trial: Trial, reason: string): EventOf<"trial-requeued"> {
  return { type: "trial-requeued", trialId: trial.id, attempt: trial.attempt + 1, reason, counted: false };
}

/**
 * Returns a trial to the queue, or fails it once the maximum of lost attempts is reached. An
 * attempt that advanced does not count.
 */
export function loseAttempt(study: Study, trial: Trial, reason: string): readonly StudyEvent[] {
  if (hasAdvanced(trial) && !hasStalled(trial)) return [requeue(trial, reason)];
  const counted = trial.losses.counted + 1;
  if (counted < study.spec.budget.maxAttemptsPerTrial) {
    return [{ type: "trial-requeued", trialId: trial.id, attempt: trial.attempt + 1, reason }];
  }
  const attempts = counted === 1 ? "1 attempt was" : `${counted} attempts were`;
  return [
    { type: "trial-failed", trialId: trial.id, message: `${attempts} lost without progress. The last: ${reason}` },
  ];
}

function hasStalled({ losses, measurements }: Trial): boolean {
  return measurements.length <= losses.furthest && losses.stalled >= STALLED_MAX;
}

/** Returns a trial to the queue and sets its trainer aside, which cannot train. */
export function setAside(trial: Trial, reason: string): readonly StudyEvent[] {
  return [requeue(trial, reason), ...settingAside(trial, reason)];
}

/**
 * Tells whether the trainer is the likelier cause of a fault than the trial: it has never trained a
 * trial of the study, and another trainer is there to try. A second trainer that fails at the trial
 * shows that the trial is the cause.
 *
 * @param trainerIds - the live trainers
 */
export function isTrainerSuspected(study: Study, trial: Trial, trainerIds: readonly string[]): boolean {
  const trainerId = trial.lease?.trainerId;
  if (trainerId === undefined || hasAdvanced(trial) || hasTrained(study, trainerId)) return false;
  if (trial.losses.suspects.some((suspect) => suspect !== trainerId)) return false;
  return trainerIds.some((other) => other !== trainerId && findSetAside(study, other) === undefined);
}

function hasTrained({ trials }: Study, trainerId: string): boolean {
  return trials.some((trial) => trial.lease?.trainerId === trainerId && hasAdvanced(trial));
}

/** Returns a trial to the queue and sets its trainer aside on suspicion. */
export function suspectTrainer(trial: Trial, reason: string): readonly StudyEvent[] {
  return [requeue(trial, reason), ...settingAside(trial, reason, true)];
}

function settingAside(trial: Trial, reason: string, isSuspected = false): readonly StudyEvent[] {
  const trainerId = trial.lease?.trainerId;
  if (trainerId === undefined) return [];
  const suspicion = isSuspected ? { isSuspected } : {};
  return [{ type: "trainer-set-aside", trainerId, trialId: trial.id, reason, ...suspicion }];
}

/** Readmits the trainers that were suspected because of a trial, which is the cause itself. */
export function clearSuspects(study: Study, trial: Trial): readonly StudyEvent[] {
  const suspected = trial.losses.suspects.filter((trainerId) => {
    const found = findSetAside(study, trainerId);
    return found?.isSuspected === true && found.trialId === trial.id;
  });
  return suspected.map((trainerId) => ({ type: "trainer-readmitted", trainerId }));
}
