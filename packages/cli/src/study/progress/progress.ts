// What a person follows of a study, folded from the messages of WatchStudy.

import type { WatchStudyResponse } from "@sintonia/proto/sintonia/v1/admin";
import { Goal, type Study, type Trial, TrialState } from "@sintonia/proto/sintonia/v1/study";
import { isSettled, isUnderWay } from "../trial-state.js";

export interface StudyProgress {
  readonly study: Study;
  /** By id, in order of number. */
  readonly trials: ReadonlyMap<string, Trial>;
  /** Trainers that the coordinator hears from. */
  readonly trainerCount: number;
}

export type ProgressEvent =
  | { readonly kind: "trial-started"; readonly trial: Trial }
  | { readonly kind: "epoch"; readonly trial: Trial }
  /** The attempt was lost and the trial waits for another trainer. */
  | { readonly kind: "trial-requeued"; readonly trial: Trial }
  /** `bestSoFar` is the best objective up to and including this trial, replicates aside; absent while none has one. */
  | { readonly kind: "trial-ended"; readonly trial: Trial; readonly bestSoFar: number | undefined };

export interface ProgressChange {
  readonly progress: StudyProgress;
  readonly events: readonly ProgressEvent[];
}

/**
 * Folds one message into what is known. The first message of all is where the story starts: trials that ended before it
 * make no event. The first message after a reconnection repeats every trial, and only what differs makes an event.
 */
export function applyUpdate(before: StudyProgress | undefined, message: WatchStudyResponse): ProgressChange {
  const study = studyOf(before?.study, message.study);
  const trials = new Map(before?.trials);
  for (const trial of message.trials) trials.set(trial.id, trial);
  const progress = { study, trials: sortedById(trials), trainerCount: message.trainerCount };
  return { progress, events: eventsOf(before, message.trials, study.goal) };
}

/** Only the first message of a stream has the spec. */
function studyOf(before: Study | undefined, latest: Study | undefined): Study {
  const study = latest ?? before;
  if (study === undefined) throw new Error("the coordinator sent an update without a study");
  return study.specJson === "" && before !== undefined ? { ...study, specJson: before.specJson } : study;
}

/** The better of two objectives, where either may be missing. */
function betterObjective(goal: Goal, a: number | undefined, b: number | undefined): number | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return goal === Goal.MINIMIZE ? Math.min(a, b) : Math.max(a, b);
}

function eventsOf(before: StudyProgress | undefined, changed: readonly Trial[], goal: Goal): ProgressEvent[] {
  let best: number | undefined;
  for (const trial of before?.trials.values() ?? []) best = betterObjective(goal, best, objectiveInSearch(trial));
  const events: ProgressEvent[] = [];
  for (const trial of [...changed].sort(byEnd)) {
    const known = before?.trials.get(trial.id);
    if (isSettled(trial)) {
      best = betterObjective(goal, best, objectiveInSearch(trial));
      if (before !== undefined && !(known && isSettled(known))) {
        events.push({ kind: "trial-ended", trial, bestSoFar: best });
      }
    } else {
      events.push(...eventsUnderWay(known, trial));
    }
  }
  return events;
}

/** Replicates decide between trials; none of them is the best. */
function objectiveInSearch(trial: Trial): number | undefined {
  return trial.replicates === undefined ? trial.objective : undefined;
}

function eventsUnderWay(known: Trial | undefined, trial: Trial): ProgressEvent[] {
  const isNewAttempt = known === undefined || known.attempt < trial.attempt;
  if (trial.state === TrialState.QUEUED) {
    return known !== undefined && isNewAttempt ? [{ kind: "trial-requeued", trial }] : [];
  }
  if (!isUnderWay(trial)) return [];
  const events: ProgressEvent[] = [];
  if (isNewAttempt || !isUnderWay(known)) events.push({ kind: "trial-started", trial });
  if (trial.epochs > 0 && (isNewAttempt || trial.epochs > known.epochs)) events.push({ kind: "epoch", trial });
  return events;
}

function byEnd(a: Trial, b: Trial): number {
  return (a.endedAt?.getTime() ?? Infinity) - (b.endedAt?.getTime() ?? Infinity) || compareIds(a.id, b.id);
}

function sortedById(trials: ReadonlyMap<string, Trial>): Map<string, Trial> {
  return new Map([...trials].sort(([a], [b]) => compareIds(a, b)));
}

function compareIds(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
