// The progress of a study, accumulated from the messages of WatchStudy.

import { isSettled, isUnderWay } from "@sintonia/page/store/study/state/states";
import type { WatchStudyResponse } from "@sintonia/proto/sintonia/v1/admin";
import {
  type Goal,
  type Study,
  StudyState,
  type Trial,
  TrialState,
  WaitReason,
} from "@sintonia/proto/sintonia/v1/study";
import { betterObjective } from "../goal.js";

/** The latest known state of a study. */
export interface StudyProgress {
  readonly study: Study;
  /** Trials by id, in the order of their numbers. */
  readonly trials: ReadonlyMap<string, Trial>;
  /** Trainers that the coordinator hears from. */
  readonly trainerCount: number;
}

/** A change in the life of the study or of one trial. */
export type ProgressEvent =
  /** The study waits for a new reason other than its oracle, which answers before every trial. */
  | { readonly kind: "study-waiting"; readonly message: string }
  /** The study chooses its best trial, or evaluates its model. */
  | { readonly kind: "final-step" }
  | TrialEvent;

/** A change in the life of one trial. */
export type TrialEvent =
  | { readonly kind: "trial-started"; readonly trial: Trial }
  | { readonly kind: "epoch"; readonly trial: Trial }
  /** The attempt was lost; the trial is queued again. */
  | { readonly kind: "trial-requeued"; readonly trial: Trial }
  /**
   * `bestSoFar`: best objective of the trials up to this one, replicates excluded; undefined while
   * there is none.
   */
  | { readonly kind: "trial-ended"; readonly trial: Trial; readonly bestSoFar: number | undefined };

/** A new state, with the events that led to it. */
export interface ProgressChange {
  readonly progress: StudyProgress;
  readonly events: readonly ProgressEvent[];
}

/**
 * Applies one message to the progress.
 *
 * The very first message makes no events for trials that have already ended. The first message
 * after a reconnection repeats every trial, and makes events only for trials that have changed.
 *
 * @param before - undefined for the very first message
 */
export function applyUpdate(before: StudyProgress | undefined, message: WatchStudyResponse): ProgressChange {
  const study = studyOf(before?.study, message.study);
  const trials = new Map(before?.trials);
  for (const trial of message.trials) trials.set(trial.id, trial);
  const progress = { study, trials: sortedById(trials), trainerCount: message.trainerCount };
  const events = [...eventsOf(before, message.trials, study.goal), ...studyEvents(before?.study, study)];
  return { progress, events };
}

/**
 * Returns the latest study. Only the first message of a stream contains the spec, which later
 * studies keep.
 */
function studyOf(before: Study | undefined, latest: Study | undefined): Study {
  const study = latest ?? before;
  if (study === undefined) throw new Error("the coordinator sent an update without a study");
  return study.specJson === "" && before !== undefined ? { ...study, specJson: before.specJson } : study;
}

function eventsOf(before: StudyProgress | undefined, changed: readonly Trial[], goal: Goal): TrialEvent[] {
  let best: number | undefined;
  for (const trial of before?.trials.values() ?? []) best = betterObjective(goal, best, objectiveInSearch(trial));
  const events: TrialEvent[] = [];
  for (const trial of [...changed].sort(byEnd)) {
    const previous = before?.trials.get(trial.id);
    if (isSettled(trial)) {
      best = betterObjective(goal, best, objectiveInSearch(trial));
      if (before !== undefined && !(previous && isSettled(previous))) {
        events.push({ kind: "trial-ended", trial, bestSoFar: best });
      }
    } else {
      events.push(...eventsUnderWay(previous, trial));
    }
  }
  return events;
}

/**
 * Returns the objective of a trial, undefined for a replicate: replicates decide between trials and
 * cannot be best.
 */
function objectiveInSearch(trial: Trial): number | undefined {
  return trial.replicates === undefined ? trial.objective : undefined;
}

/** Returns the events of the study itself. */
function studyEvents(before: Study | undefined, study: Study): ProgressEvent[] {
  const { waiting, state, selection } = study;
  const isNewStep =
    state === StudyState.FINALIZING &&
    (before?.state !== state || (before.selection === undefined && selection !== undefined));
  return [
    ...(isNewStep ? [{ kind: "final-step" } as const] : []),
    ...(waiting === undefined || waiting.reason === WaitReason.ORACLE || waiting.message === before?.waiting?.message
      ? []
      : [{ kind: "study-waiting", message: waiting.message } as const]),
  ];
}

function eventsUnderWay(previous: Trial | undefined, trial: Trial): TrialEvent[] {
  const isNewAttempt = previous === undefined || previous.attempt < trial.attempt;
  if (trial.state === TrialState.QUEUED) {
    return previous !== undefined && isNewAttempt ? [{ kind: "trial-requeued", trial }] : [];
  }
  if (!isUnderWay(trial)) return [];
  const events: TrialEvent[] = [];
  if (isNewAttempt || !isUnderWay(previous)) events.push({ kind: "trial-started", trial });
  if (trial.epochs > 0 && (isNewAttempt || trial.epochs > previous.epochs)) events.push({ kind: "epoch", trial });
  return events;
}

function byEnd(a: Trial, b: Trial): number {
  return (a.endedAt?.getTime() ?? Infinity) - (b.endedAt?.getTime() ?? Infinity) || compareIds(a.id, b.id);
}

function sortedById(trials: ReadonlyMap<string, Trial>): Map<string, Trial> {
  return new Map([...trials].sort(([a], [b]) => compareIds(a, b)));
}

/** Compares ids, which are numbers with or without zeros before them. */
function compareIds(a: string, b: string): number {
  return Number(a) - Number(b);
}
