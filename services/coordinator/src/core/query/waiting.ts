// The reasons for which studies and trials wait: each says the facts, and what a person can do.

import { resourcesText } from "@sintonia/tuning/spec/resources";
import type { UnfitTrainers } from "../resources/fit.js";
import { allOf, offersText } from "../resources/offer-text.js";
import type { State, Transient } from "../state/state.js";
import type { Study, StudyPause, Trial } from "../state/study.js";
import { countTrainers, type TrainerCounts } from "../state/trainers.js";

/** The kind of a wait. */
export type WaitReason =
  | "paused"
  | "test-data"
  | "no-trainers"
  | "trainers"
  | "trainers-set-aside"
  | "trainers-cordoned"
  | "resources"
  | "oracle"
  | "parallel-trials"
  | "promotion"
  | "study-log"
  | "state-folder"
  | "evaluation";

/** The reason for which a study or a trial waits. */
export interface Waiting {
  readonly reason: WaitReason;
  /** One line for a person: the facts, then the way out if there is one. */
  readonly message: string;
  /** Present in a wait for trainers. */
  readonly trainers?: TrainerCounts;
}

const START_TRAINER = "Start one with: node services/trainer/dist/main.js";

/**
 * Returns what holds a study, or leaves trainers without work; undefined if nothing does, and
 * before the first tick. The reasons are ordered: without the first, the next would not matter.
 */
export function studyWaiting({ study, transient }: State): Waiting | undefined {
  const { storage } = transient;
  const isOpen = study.status === "active" || study.status === "finalizing";
  if (!isOpen || storage === "unchecked") return undefined;
  if (storage !== "writable") return storageWait(storage.fault);
  if (study.status === "finalizing") return evaluationWait(study) ?? testWait(study, transient);
  if (study.pause !== undefined) return pauseWait(study, study.pause);
  if (study.stopping !== undefined) return trainerWait(study, transient);
  return testDataWait(transient) ?? trainerWait(study, transient) ?? workWait(study, transient);
}

/** Returns the wait of a study whose log cannot be written. */
export function logWait(fault: string): Waiting {
  const advice = "The study goes on by itself once NATS stores records again.";
  return { reason: "study-log", message: `The study log cannot be written: ${sentence(fault)} ${advice}` };
}

function storageWait(fault: string): Waiting {
  const advice = "Make room or mend the store; the study then goes on by itself.";
  const message = `No new trial starts, since nothing can be stored: ${sentence(fault)} ${advice}`;
  return { reason: "state-folder", message };
}

function sentence(text: string): string {
  return text.endsWith(".") ? text : `${text}.`;
}

function pauseWait({ id }: Study, { reason }: StudyPause): Waiting {
  const advice = `To go on: sintonia resume ${id}`;
  const message = `Paused by a person: ${sentence(reason)} Trials under way go on, and no other begins. ${advice}`;
  return { reason: "paused", message };
}

function evaluationWait({ evaluationFault }: Study): Waiting | undefined {
  if (evaluationFault === undefined) return undefined;
  const advice = "The coordinator tries again; a restart does so at once.";
  return { reason: "evaluation", message: `${evaluationFault} ${advice}` };
}

function testWait(study: Study, transient: Transient): Waiting | undefined {
  return study.testRun?.state === "queued" ? trainerWait(study, transient) : undefined;
}

function testDataWait({ testData }: Transient): Waiting | undefined {
  if (typeof testData === "string") return undefined;
  const advice = "The coordinator looks again within ten minutes; a restart does so at once.";
  const message = `No trial starts before the test split can be read: ${sentence(testData.fault)} ${advice}`;
  return { reason: "test-data", message };
}

/** Returns the wait for trainers of a study whose trials no trainer has. */
function trainerWait(study: Study, transient: Transient): Waiting | undefined {
  const trainers = countTrainers(study, transient);
  const none = unusableWait(study, trainers, transient.unfitTrainers);
  if (none !== undefined) return none;
  const isQueueing = study.outstandingCount > 0 || study.testRun?.state === "queued";
  if (!isQueueing || transient.deadlines.size > 0 || trainers.busy < trainers.usable) return undefined;
  return busyWait(trainers, "with other studies");
}

function unusableWait(study: Study, trainers: TrainerCounts, unfitTrainers: UnfitTrainers): Waiting | undefined {
  const { live, usable, cordoned, unfit } = trainers;
  if (live === 0) {
    return { reason: "no-trainers", message: `No trainer calls the coordinator. ${START_TRAINER}`, trainers };
  }
  if (usable > 0) return undefined;
  if (unfit === live) return resourcesWait(study, trainers, unfitTrainers);
  if (cordoned > 0) return cordonWait(trainers);
  const { trainerId, reason } = study.setAside.at(-1) ?? { trainerId: "", reason: "" };
  const all = allOf(live - unfit, trainers);
  const advice = "Mend this; a trainer that starts again gets trials at once.";
  const message = `${all} set aside. ${trainerId}: ${sentence(reason)} ${advice}`;
  return { reason: "trainers-set-aside", message, trainers };
}

function resourcesWait({ spec }: Study, trainers: TrainerCounts, unfitTrainers: UnfitTrainers): Waiting {
  const asked = resourcesText(spec.resources);
  const facts = `No trainer fits: the spec asks for ${asked}. ${offersText(unfitTrainers)}`;
  const flavour = spec.resources?.flavour;
  const named = flavour === undefined ? "" : ` (SINTONIA_FLAVOUR=${flavour})`;
  const advice = `Start a trainer with these resources${named}, or a study that asks for others.`;
  return { reason: "resources", message: `${facts} ${advice}`, trainers };
}

function cordonWait(trainers: TrainerCounts): Waiting {
  const { live, cordoned, unfit } = trainers;
  const fitting = live - unfit;
  const all = allOf(fitting, trainers);
  const state = cordoned === fitting ? "cordoned" : `cordoned (${cordoned}) or set aside (${fitting - cordoned})`;
  const advice = "To give one trials again: sintonia uncordon TRAINER; sintonia trainers lists them.";
  return { reason: "trainers-cordoned", message: `${all} ${state}. ${advice}`, trainers };
}

function busyWait(trainers: TrainerCounts, occupation: string): Waiting {
  const all = allOf(trainers.usable, trainers);
  const advice = "The next one that becomes free takes a trial; a further trainer takes one at once.";
  return { reason: "trainers", message: `${all} busy ${occupation}. ${advice}`, trainers };
}

function workWait(study: Study, transient: Transient): Waiting | undefined {
  const { suggesting } = transient;
  const { usable } = countTrainers(study, transient);
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

/**
 * Returns what a queued trial waits for; undefined in every other state.
 *
 * @param trainers - the live trainers; undefined if no coordinator runs the study, or before its
 *   first tick
 */
export function trialWaiting(study: Study, { state }: Trial, trainers: StudyTrainers | undefined): Waiting | undefined {
  if (state !== "queued" || trainers === undefined) return undefined;
  return queueWaiting(study, trainers);
}

/** The live trainers from the view of a study. */
export interface StudyTrainers {
  readonly counts: TrainerCounts;
  readonly unfit: UnfitTrainers;
}

/** Returns the live trainers from the view of a study; undefined before the first tick. */
export function trainersOf({ study, transient }: State): StudyTrainers | undefined {
  if (transient.storage === "unchecked") return undefined;
  return { counts: countTrainers(study, transient), unfit: transient.unfitTrainers };
}

/** Returns what every queued trial of a study waits for. */
export function queueWaiting(study: Study, { counts, unfit }: StudyTrainers): Waiting {
  if (study.pause !== undefined) return pauseWait(study, study.pause);
  return unusableWait(study, counts, unfit) ?? queueWait(study, counts);
}

function queueWait({ setAside }: Study, trainers: TrainerCounts): Waiting {
  const { live, usable, cordoned, unfit, busy } = trainers;
  const last = setAside.at(-1);
  const asideCount = live - unfit - cordoned - usable;
  const isAside = asideCount > 0 && last !== undefined;
  const aside = isAside ? ` ${asideCount} of ${live - unfit} are set aside. ${last.trainerId}: ${last.reason}` : "";
  if (busy >= usable) {
    const { message, ...wait } = busyWait(trainers, "with other trials");
    return { ...wait, message: `${message}${aside}` };
  }
  const free = `${usable - busy} of ${usable} trainers ${usable - busy === 1 ? "is" : "are"} free`;
  const message = `${free}: the first that NATS gives the assignment takes the trial.${aside}`;
  return { reason: "trainers", message, trainers };
}

/**
 * Returns the time from a study's creation to its end, in milliseconds, without pauses and without
 * the time in which no coordinator ran.
 *
 * @param now - wall time in milliseconds since 1970; for a study that no coordinator runs, the
 *   time of its last event
 * @param resumedAt - wall time at which the present coordinator resumed the study, unless an event
 *   has recorded it
 */
export function activeMs(study: Study, now: number, resumedAt?: number): number {
  const { createdAt, changedAt, endedAt, interruptedMs, pause } = study;
  const isUnrecorded = endedAt === undefined && pause === undefined && resumedAt !== undefined;
  const unrecordedMs = isUnrecorded ? Math.max(0, resumedAt - changedAt) : 0;
  return Math.max(0, (endedAt ?? pause?.since ?? now) - createdAt - interruptedMs - unrecordedMs);
}
