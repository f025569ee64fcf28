import { StudyState, TrialState } from "@sintonia/proto/sintonia/v1/study";

const TRIAL_STATE_NAMES: Readonly<Record<number, string>> = {
  [TrialState.QUEUED]: "queued",
  [TrialState.LEASED]: "leased",
  [TrialState.RUNNING]: "running",
  [TrialState.PAUSED]: "paused",
  [TrialState.COMPLETED]: "completed",
  [TrialState.PRUNED]: "pruned",
  [TrialState.FAILED]: "failed",
  [TrialState.INFEASIBLE]: "infeasible",
  [TrialState.CANCELLED]: "cancelled",
};

const STUDY_STATE_NAMES: Readonly<Record<number, string>> = {
  [StudyState.ACTIVE]: "active",
  [StudyState.FINALIZING]: "finalizing",
  [StudyState.COMPLETED]: "completed",
  [StudyState.STOPPED]: "stopped",
  [StudyState.FAILED]: "failed",
};

/**
 * Returns the name of a trial's state: queued, leased, running, paused, completed, pruned, failed,
 * infeasible or cancelled.
 */
export function trialStateName(state: TrialState): string {
  return TRIAL_STATE_NAMES[state] ?? "unknown";
}

/** Returns the name of a study's state: active, finalizing, completed, stopped or failed. */
export function studyStateName(state: StudyState): string {
  return STUDY_STATE_NAMES[state] ?? "unknown";
}

/** Returns true if the study is in a terminal state. */
export function isOver(state: StudyState): boolean {
  return state === StudyState.COMPLETED || state === StudyState.STOPPED || state === StudyState.FAILED;
}
