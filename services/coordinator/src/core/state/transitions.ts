// The allowed transitions of trials and studies. Every other transition breaks an invariant. A trial is in one of these states:
//
// state        entered when                                       left when
// queued       it is proposed, or its lease was lost and          a trainer acquires the lease; the study ends
//              attempts remain
// leased       a trainer acquires the lease                       an epoch is reported, the trial resumes, the lease is lost,
//                                                                 the attempt fails, or the study ends
// running      the first epoch of the attempt is reported, or     it completes or fails, the lease is lost, or the study ends
//              the trial resumes from a checkpoint
// completed    its weights and all its executions are reported    never
// failed       an error, or its last attempt was lost             never
// infeasible   a metric is not finite, or the values make no      never
//              valid model
// cancelled    the study ends before the trial                    never

import { InvariantError } from "@sintonia/runtime/errors";
import type { StudyStatus, TrialState } from "./study.js";

/** For each state of a trial, the states that may follow. */
export const TRIAL_TRANSITIONS: Readonly<Record<TrialState, readonly TrialState[]>> = {
  queued: ["leased", "cancelled"],
  leased: ["running", "queued", "failed", "infeasible", "cancelled"],
  running: ["running", "queued", "completed", "failed", "infeasible", "cancelled"],
  completed: [],
  failed: [],
  infeasible: [],
  cancelled: [],
};

/** For each status of a study, the statuses that may follow. */
export const STUDY_TRANSITIONS: Readonly<Record<StudyStatus, readonly StudyStatus[]>> = {
  active: ["finalizing", "stopped", "failed"],
  finalizing: ["completed", "stopped", "failed"],
  completed: [],
  stopped: [],
  failed: [],
};

/**
 * Checks a trial's change of state.
 *
 * @throws {InvariantError} if the transition is not allowed
 */
export function checkTrialTransition(trialId: string, from: TrialState, to: TrialState): void {
  if (!TRIAL_TRANSITIONS[from].includes(to)) {
    throw new InvariantError(`Trial ${trialId} cannot go from ${from} to ${to}.`);
  }
}

/**
 * Checks a study's change of status.
 *
 * @throws {InvariantError} if the transition is not allowed
 */
export function checkStudyTransition(studyId: string, from: StudyStatus, to: StudyStatus): void {
  if (!STUDY_TRANSITIONS[from].includes(to)) {
    throw new InvariantError(`Study ${studyId} cannot go from ${from} to ${to}.`);
  }
}
