import { type Study, type Trial, TrialState } from "@sintonia/proto/sintonia/v1/study";
import type { StudyProgress } from "./progress.js";
import { isOver, isSettled, isUnderWay } from "./states.js";

/**
 * Estimates the remaining time of a study: remaining epochs / parallel trials * seconds per epoch.
 *
 * A trial is expected to take the median number of epochs of the completed trials. The seconds per
 * epoch are the median of the trials under way, or else of the completed trials.
 *
 * @returns seconds; undefined if the study has ended, and while no trial has completed
 */
export function secondsLeft({ study, trials: byId, trainerCount }: StudyProgress): number | undefined {
  if (isOver(study)) return undefined;
  const trials = [...byId.values()];
  const completed = trials.filter(({ state, epochs }) => state === TrialState.COMPLETED && epochs > 0);
  const epochsEach = median(completed.map(({ epochs, executions }) => epochs / executions));
  const underWay = trials.filter(isUnderWay);
  const pace =
    median(underWay.flatMap(({ latest }) => latest?.seconds ?? [])) ?? median(completed.map(secondsPerEpoch));
  if (epochsEach === undefined || pace === undefined) return undefined;
  const left = underWay.map(({ executions, epochs }) => Math.max(1, epochsEach * executions - epochs));
  const waiting = Math.max(0, study.expectedTrialCount - trials.filter(isSettled).length - underWay.length);
  const epochs = sum(left) + executionsOf(study, waiting, trials[0]?.executions ?? 1) * epochsEach;
  const parallel = Math.max(1, underWay.length, Math.min(trainerCount, underWay.length + waiting));
  return Math.max(epochs / parallel, ...left) * pace;
}

/**
 * Estimates the remaining time of a study whose trials are unknown: the active time of an ended
 * trial, times the trials that are left.
 */
export function roughSecondsLeft(study: Study): number | undefined {
  const { settledCount, expectedTrialCount, activeSeconds } = study;
  if (isOver(study) || study.pause !== undefined || settledCount === 0 || activeSeconds <= 0) return undefined;
  return (activeSeconds / settledCount) * Math.max(0, expectedTrialCount - settledCount);
}

/** Returns the seconds of a trial's last attempt until its end or until `now`. */
export function trialSeconds({ state, startedAt, endedAt }: Trial, now: Date): number | undefined {
  if (state === TrialState.QUEUED || startedAt === undefined) return undefined;
  return Math.max(0, ((endedAt ?? now).getTime() - startedAt.getTime()) / 1000);
}

/** Counts the executions of waiting trials. Replicates come last, and each is one execution. */
function executionsOf({ expectedTrialCount, maxTrials }: Study, waiting: number, each: number): number {
  const replicates = Math.min(waiting, Math.max(0, expectedTrialCount - maxTrials));
  return replicates + (waiting - replicates) * each;
}

function secondsPerEpoch({ startedAt, endedAt, epochs }: Trial): number {
  if (startedAt === undefined || endedAt === undefined) return 0;
  return (endedAt.getTime() - startedAt.getTime()) / 1000 / epochs;
}

function median(values: readonly number[]): number | undefined {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)];
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
