// The reasons for which studies and trials wait.

import type { State, Transient } from "../state/state.js";
import type { Study, Trial } from "../state/study.js";
import { usableTrainerCount } from "../state/trainers.js";

/** The kind of a wait. */
export type WaitReason =
  | "test-data"
  | "trainers"
  | "trainers-set-aside"
  | "oracle"
  | "parallel-trials"
  | "study-log"
  | "state-folder"
  | "evaluation";

/** The reason for which a study or a trial waits. */
export interface Waiting {
  readonly reason: WaitReason;
  /** One line for a person. */
  readonly message: string;
}

/**
 * Returns what holds a study, or leaves trainers without work; undefined if nothing does. The
 * reasons are ordered: without the first, the next would not matter.
 */
export function studyWaiting({ study, transient }: State): Waiting | undefined {
  if (study.status === "finalizing") return evaluationWait(study) ?? testWait({ study, transient });
  if (study.status !== "active") return undefined;
  return testDataWait(transient) ?? trainerWait(study, transient) ?? workWait(study, transient);
}

function evaluationWait({ evaluationFault }: Study): Waiting | undefined {
  if (evaluationFault === undefined) return undefined;
  const advice = "The coordinator tries again; a restart does so at once.";
  return { reason: "evaluation", message: `${evaluationFault} ${advice}` };
}

function testWait({ study, transient }: State): Waiting | undefined {
  return study.testRun?.state === "queued" ? trainerWait(study, transient) : undefined;
}

function testDataWait({ testData }: Transient): Waiting | undefined {
  if (typeof testData === "string") return undefined;
  return { reason: "test-data", message: `No trial starts before the test split can be read: ${testData.fault}` };
}

function trainerWait(study: Study, { trainerIds }: Transient): Waiting | undefined {
  if (trainerIds.length === 0) return { reason: "trainers", message: "No trainer calls the coordinator." };
  if (usableTrainerCount(study, trainerIds) > 0) return undefined;
  const { trainerId, reason } = study.setAside.at(-1) ?? { trainerId: "", reason: "" };
  const all = trainerIds.length === 1 ? "The only trainer is" : `All ${trainerIds.length} trainers are`;
  return { reason: "trainers-set-aside", message: `${all} set aside. ${trainerId}: ${reason}` };
}

function workWait(study: Study, { trainerIds, suggesting }: Transient): Waiting | undefined {
  const usable = usableTrainerCount(study, trainerIds);
  const { outstandingCount: outstanding } = study;
  if (outstanding >= usable) return undefined;
  if (suggesting) {
    return { reason: "oracle", message: `The oracle computes the values of trial ${study.trials.length}.` };
  }
  const { parallelTrials } = study.spec.budget;
  if (parallelTrials === undefined || outstanding < parallelTrials) return undefined;
  const free = `${usable - outstanding} of ${usable} trainers have no trial of this study`;
  return { reason: "parallel-trials", message: `budget.parallelTrials is ${parallelTrials}, so ${free}.` };
}

/** Returns what a queued trial waits for; undefined in every other state. */
export function trialWaiting({ setAside }: Study, { state }: Trial): Waiting | undefined {
  if (state !== "queued") return undefined;
  const last = setAside.at(-1);
  if (last === undefined) return { reason: "trainers", message: "Waits for a free trainer." };
  const others = `Waits for a trainer that is not set aside. ${last.trainerId} is: ${last.reason}`;
  return { reason: "trainers", message: others };
}

/**
 * Returns the time from a study's creation to its end, in milliseconds, without the time in which
 * no coordinator ran.
 *
 * @param now - wall time in milliseconds since 1970; for a study that no coordinator runs, the
 *   time of its last event
 * @param resumedAt - wall time at which the present coordinator resumed the study, unless an event
 *   has recorded it
 */
export function activeMs(study: Study, now: number, resumedAt?: number): number {
  const { createdAt, changedAt, endedAt, pausedMs } = study;
  const unrecordedMs = endedAt === undefined && resumedAt !== undefined ? Math.max(0, resumedAt - changedAt) : 0;
  return Math.max(0, (endedAt ?? now) - createdAt - pausedMs - unrecordedMs);
}
