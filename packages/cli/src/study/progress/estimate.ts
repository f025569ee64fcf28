import { type Study, type Trial, TrialState } from "@sintonia/proto/sintonia/v1/study";
import { isSettled, isUnderWay } from "../trial-state.js";
import type { StudyProgress } from "./progress.js";

/**
 * Estimates the remaining time of a study: remaining epochs / parallel trials * seconds per epoch.
 *
 * A trial is expected to take the median number of epochs of the completed trials. The seconds per
 * epoch are the median of the trials under way, or else of the completed trials.
 *
 * @returns seconds; undefined while no trial has completed, since early stopping makes the number
 * of epochs unknown
 */
export function estimateSecondsLeft(progress: StudyProgress): number | undefined {
  const trials = [...progress.trials.values()];
  const completed = trials.filter((trial) => trial.state === TrialState.COMPLETED && trial.epochs > 0);
  const typicalEpochs = median(completed.map((trial) => trial.epochs / trial.executions));
  const underWay = trials.filter(isUnderWay);
  const pace =
    median(underWay.flatMap((trial) => trial.latest?.seconds ?? [])) ?? median(completed.map(secondsPerEpoch));
  if (typicalEpochs === undefined || pace === undefined) return undefined;
  const left = underWay.map((trial) => Math.max(1, typicalEpochs * trial.executions - trial.epochs));
  const { expectedTrialCount, maxTrials } = progress.study;
  const waiting = Math.max(0, expectedTrialCount - trials.filter(isSettled).length - underWay.length);
  // The replicates of the selection rule come last, and each is one execution.
  const once = Math.min(waiting, Math.max(0, expectedTrialCount - maxTrials));
  const executions = once + (waiting - once) * (trials[0]?.executions ?? 1);
  const epochs = sum(left) + executions * typicalEpochs;
  const parallel = Math.max(1, underWay.length, Math.min(progress.trainerCount, underWay.length + waiting));
  return Math.max(epochs / parallel, ...left) * pace;
}

/**
 * Returns the duration of a trial's last attempt in seconds.
 *
 * @param now - end of an attempt that has not ended
 * @returns undefined if the attempt has not started, or has not ended and `now` is undefined
 */
export function trialSeconds(trial: Trial, now?: Date): number | undefined {
  const end = trial.endedAt ?? now;
  if (trial.state === TrialState.QUEUED || trial.startedAt === undefined || end === undefined) return undefined;
  return Math.max(0, (end.getTime() - trial.startedAt.getTime()) / 1000);
}

/**
 * Returns the seconds that a study has worked, without the time in which no coordinator ran.
 *
 * @param at - present time; used only if the coordinator does not count the seconds
 */
export function studySeconds({ activeSeconds, createdAt, endedAt }: Study, at?: Date): number | undefined {
  if (activeSeconds > 0) return activeSeconds;
  const end = endedAt ?? at;
  if (createdAt === undefined || end === undefined) return undefined;
  return Math.max(0, (end.getTime() - createdAt.getTime()) / 1000);
}

function secondsPerEpoch(trial: Trial): number {
  return (trialSeconds(trial) ?? 0) / trial.epochs;
}

function median(values: readonly number[]): number | undefined {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)];
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
