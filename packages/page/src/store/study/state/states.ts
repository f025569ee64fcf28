// States of studies and trials, by the names that the command line uses.

import { Goal, type Study, StudyState, type Trial, TrialState } from "@sintonia/proto/sintonia/v1/study";

/** Returns the name of a trial's state, such as "running". A later state has a name of its own. */
export function trialStateName({ state }: Pick<Trial, "state">): string {
  return nameIn(TrialState, state);
}

/**
 * Returns the name of a study's state. An active study that is paused, or that stops once its
 * running trials have ended, is "paused" or "stopping".
 */
export function studyStateName({ state, pause, stopping }: Pick<Study, "state" | "pause" | "stopping">): string {
  if (pause !== undefined) return "paused";
  return stopping === undefined ? nameIn(StudyState, state) : "stopping";
}

/** Returns true if a trainer holds the trial's lease. */
export function isUnderWay({ state }: Pick<Trial, "state">): boolean {
  return state === TrialState.LEASED || state === TrialState.RUNNING;
}

/**
 * Returns true if the pruner has paused or ended the trial. Its training ended with its last
 * report: a paused trial may be pruned much later.
 */
export function isHeldBack({ state }: Pick<Trial, "state">): boolean {
  return state === TrialState.PAUSED || state === TrialState.PRUNED;
}

/** Returns true if the trial is in a terminal state. */
export function isSettled({ state }: Pick<Trial, "state">): boolean {
  return state >= TrialState.COMPLETED && state !== TrialState.PAUSED;
}

/** Returns true if the study is in a terminal state. */
export function isOver({ state }: Pick<Study, "state">): boolean {
  return state >= StudyState.COMPLETED;
}

/** Returns true if objective `a` is better than `b`. */
export function isBetter(goal: Goal, a: number, b: number): boolean {
  return goal === Goal.MINIMIZE ? a < b : a > b;
}

function nameIn(states: Readonly<Record<string, number>>, state: number): string {
  const name = Object.keys(states).find((name) => states[name] === state);
  return name === undefined || state < 0 ? "unknown" : name.toLowerCase();
}
