// The allowed transitions of trials and studies. Any other transition breaks an invariant.
//
// trial        entered when                              left when
// queued       the trial is proposed or promoted, or     a trainer acquires the lease, the values
//              its attempt was lost and another          give no plan, no assignment can be
//              attempt remains                           offered, a person cancels the trial, or
//                                                        the study ends
// leased       a trainer acquires the lease              the trainer reports an epoch or resumes
//                                                        the trial, a person cancels the trial, or
//                                                        the attempt or the study ends
// running      the attempt has reported an epoch or      a person cancels the trial, or the attempt
//              has resumed from a checkpoint             or the study ends
// paused       the trial waits at a rung of the pruner,  the pruner promotes it, a person cancels
//              and its trainer has handed it back        it, or no promotion can come any more
// completed    the trainer completes the trial           never
// pruned       the pruner ended the trial                never
// failed       training raised an error, the last        never
//              attempt was lost, or the assignment
//              could not be offered
// infeasible   training diverged, or the values give     never
//              no valid plan or model
// cancelled    a person cancels the trial, or the        never
//              study ends before it
//
// apply.ts lists the statuses of a study.

import { InvariantError } from "@sintonia/runtime/errors";
import type { StudyStatus, TrialState } from "./study.js";

/** For each state of a trial, the states that may follow. */
export const TRIAL_TRANSITIONS: Readonly<Record<TrialState, readonly TrialState[]>> = {
  queued: ["leased", "failed", "infeasible", "cancelled"],
  leased: ["running", "queued", "failed", "infeasible", "cancelled"],
  running: ["running", "queued", "paused", "completed", "pruned", "failed", "infeasible", "cancelled"],
  paused: ["queued", "pruned", "cancelled"],
  completed: [],
  pruned: [],
  failed: [],
  infeasible: [],
  cancelled: [],
};

/** For each status of a study, the statuses that may follow. */
export const STUDY_TRANSITIONS: Readonly<Record<StudyStatus, readonly StudyStatus[]>> = {
  active: ["finalizing", "stopped", "failed"],
  finalizing: ["completed", "stopped", "failed"],
  completed: ["active"],
  stopped: ["active"],
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
