// The only ways a trial and a study move. Whatever is not in these tables is forbidden.

import { InvariantError } from "@sintonia/runtime/errors";
import type { StudyStatus, TrialState } from "./study.js";

/** From each state of a trial, the states it may move to. */
export const TRIAL_TRANSITIONS: Readonly<Record<TrialState, readonly TrialState[]>> = {
  queued: ["leased", "cancelled"],
  leased: ["running", "queued", "failed", "infeasible", "cancelled"],
  running: ["running", "queued", "completed", "failed", "infeasible", "cancelled"],
  completed: [],
  failed: [],
  infeasible: [],
  cancelled: [],
};

/** From each status of a study, the statuses it may move to. */
export const STUDY_TRANSITIONS: Readonly<Record<StudyStatus, readonly StudyStatus[]>> = {
  active: ["finalizing", "stopped", "failed"],
  finalizing: ["completed", "stopped", "failed"],
  completed: [],
  stopped: [],
  failed: [],
};

/** @throws {InvariantError} if the table forbids the move */
export function checkTrialMove(trialId: string, from: TrialState, to: TrialState): void {
  if (!TRIAL_TRANSITIONS[from].includes(to)) {
    throw new InvariantError(`Trial ${trialId} cannot go from ${from} to ${to}.`);
  }
}

/** @throws {InvariantError} if the table forbids the move */
export function checkStudyMove(studyId: string, from: StudyStatus, to: StudyStatus): void {
  if (!STUDY_TRANSITIONS[from].includes(to)) {
    throw new InvariantError(`Study ${studyId} cannot go from ${from} to ${to}.`);
  }
}
