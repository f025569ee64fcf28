// The trials whose lease the coordinator rejected for this trainer alone. The queue offers such a
// trial again before its delay is over, since the coordinator publishes its assignment every 10 s.

import type { Assignment } from "@sintonia/protocol/lease";

/** Delay after the first rejection of a trial, in milliseconds. Each further one doubles it. */
export const REJECTION_DELAY_MS = 5_000;

/** Longest delay: the time until the trainer sees that a person has mended the cause. */
export const REJECTION_DELAY_MAX_MS = 60_000;

/**
 * Most trials that a trainer remembers, some 100 KB: about the open trials of the largest study.
 * Beyond it the trainer forgets the trial that was rejected first.
 */
export const REJECTIONS_MAX = 1_000;

/** A trial that the coordinator rejected. */
interface Rejection extends Pick<Assignment, "studyId" | "trialId"> {
  readonly delayMs: number;
  /** Monotonic time before which the trainer does not ask for the trial. */
  readonly untilMs: number;
}

/** Rejected trials, the newest rejection last. */
export type Rejections = readonly Rejection[];

/** Returns the rejections after another one of the assignment's trial. */
export function withRejection(rejections: Rejections, assignment: Assignment, nowMs: number): Rejections {
  const { studyId, trialId } = assignment;
  const earlier = rejections.find((rejection) => isOf(rejection, assignment));
  const delayMs = earlier ? Math.min(2 * earlier.delayMs, REJECTION_DELAY_MAX_MS) : REJECTION_DELAY_MS;
  const rejection = { studyId, trialId, delayMs, untilMs: nowMs + delayMs };
  return [...withoutTrial(rejections, assignment), rejection].slice(-REJECTIONS_MAX);
}

/** Returns the time until the trainer may ask for the assignment's trial again; 0 if it may now. */
export function remainingMs(rejections: Rejections, assignment: Assignment, nowMs: number): number {
  const rejection = rejections.find((each) => isOf(each, assignment));
  return Math.max(0, (rejection?.untilMs ?? 0) - nowMs);
}

/** Forgets a trial, for which the coordinator has answered this trainer. */
export function withoutTrial(rejections: Rejections, assignment: Assignment): Rejections {
  return rejections.filter((rejection) => !isOf(rejection, assignment));
}

/** Forgets all trials of a study that is over or deleted. */
export function withoutStudy(rejections: Rejections, { studyId }: Assignment): Rejections {
  return rejections.filter((rejection) => rejection.studyId !== studyId);
}

function isOf({ studyId, trialId }: Rejection, assignment: Assignment): boolean {
  return studyId === assignment.studyId && trialId === assignment.trialId;
}
