import { StudyState, type Trial, TrialState } from "@sintonia/proto/sintonia/v1/study";

const TRIAL_STATE_NAMES: Readonly<Record<number, string>> = {
  [TrialState.QUEUED]: "queued",
  [TrialState.LEASED]: "leased",
  [TrialState.RUNNING]: "running",
  [TrialState.COMPLETED]: "completed",
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

/** The state in the words of ARCHITECTURE: queued, leased, running, completed, failed, infeasible or cancelled. */
export function trialStateName(state: TrialState): string {
  return TRIAL_STATE_NAMES[state] ?? "unknown";
}

/** The state in the words of ARCHITECTURE: active, finalizing, completed, stopped or failed. */
export function studyStateName(state: StudyState): string {
  return STUDY_STATE_NAMES[state] ?? "unknown";
}

/** Whether a trainer holds the trial's lease. */
export function isUnderWay(trial: Trial): boolean {
  return trial.state === TrialState.LEASED || trial.state === TrialState.RUNNING;
}

/** Whether the trial has reached one of its four ends. */
export function isSettled(trial: Trial): boolean {
  return trial.state >= TrialState.COMPLETED;
}

/** Whether the study has reached one of its three ends. */
export function isOver(state: StudyState): boolean {
  return state === StudyState.COMPLETED || state === StudyState.STOPPED || state === StudyState.FAILED;
}
