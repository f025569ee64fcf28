// The lengths and speeds of a study's trials so far, from which those of the others are estimated.

import { type Trial, TrialState } from "@sintonia/proto/sintonia/v1/study";
import { isUnderWay } from "../state/states.js";
import { excess, type Length, lengthsOf } from "./survival.js";

/** The lengths of trials, divided by their executions. */
export interface TrialLengths {
  /** Seconds of a trial's last attempt. */
  readonly seconds: readonly Length[];
  /** Epochs of a trial; empty if no trial has reported one. */
  readonly epochs: readonly Length[];
}

/** The lengths and speeds of a study's trials. */
export interface Experience extends TrialLengths {
  /** Mean over the time under leases; 0 if no trial has reported an epoch. */
  readonly epochsPerSecond: number;
  /** Median pause of a trainer between two trials, in seconds. */
  readonly gapSeconds: number;
  /** Time of the latest change of any trial, in milliseconds since 1970. */
  readonly asOfMs: number;
}

/** A trial with the times of its last attempt. */
type Timed = Trial & { readonly startedAt: Date; readonly endedAt: Date };

/**
 * Returns the lengths and speeds of trials; undefined before the first end. Cancelled trials do not
 * count, because a person or the budget chose their end.
 */
export function experienceOf(trials: readonly Trial[]): Experience | undefined {
  const asOfMs = Math.max(...trials.flatMap(timesOf));
  const lengths = trialLengths(trials, asOfMs);
  if (lengths === undefined) return undefined;
  const ended = trials.filter(isTimed);
  const epochs = sum(ended.map((trial) => trial.epochs));
  return {
    ...lengths,
    epochsPerSecond: epochs / Math.max(sum(ended.map(secondsOf)), Number.MIN_VALUE),
    gapSeconds: median(gapsOf(ended, trials)) ?? 0,
    asOfMs,
  };
}

/**
 * Returns the experience that a plan lets expect before the first trial has ended; undefined before
 * the first epoch.
 *
 * @param epochs - expected epochs of one execution
 */
export function plannedExperience(trials: readonly Trial[], epochs: number): Experience | undefined {
  const pace = secondsPerEpoch(trials);
  if (pace === 0) return undefined;
  return {
    seconds: [{ value: epochs * pace, share: 1 }],
    epochs: [{ value: epochs, share: 1 }],
    epochsPerSecond: 1 / pace,
    gapSeconds: 0,
    asOfMs: Math.max(...trials.flatMap(timesOf)),
  };
}

/**
 * Returns the lengths of trials by those that have ended and those under way; undefined before the
 * first end.
 *
 * @param asOfMs - the present, in milliseconds since 1970
 */
export function trialLengths(trials: readonly Trial[], asOfMs: number): TrialLengths | undefined {
  const ended = trials.filter(isTimed);
  if (ended.length === 0) return undefined;
  const underWay = trials.filter(isUnderWay);
  const training = ended.filter(({ epochs }) => epochs > 0);
  return {
    seconds: lengthsOf(
      ended.map((trial) => secondsOf(trial) / trial.executions),
      underWay.map((trial) => elapsedSeconds(trial, asOfMs) / trial.executions),
    ),
    epochs: training.length === 0 ? [] : lengthsOf(training.map(epochsEach), underWay.map(epochsEach)),
  };
}

function epochsEach({ epochs, executions }: Trial): number {
  return epochs / executions;
}

function isTimed(trial: Trial): trial is Timed {
  const isOwnEnd = trial.state >= TrialState.COMPLETED && trial.state !== TrialState.CANCELLED;
  return isOwnEnd && trial.startedAt !== undefined && trial.endedAt !== undefined;
}

function secondsOf({ startedAt, endedAt }: Timed): number {
  return Math.max(0, (endedAt.getTime() - startedAt.getTime()) / 1000);
}

/** Returns the seconds since the start of a trial's attempt. */
export function elapsedSeconds({ startedAt }: Trial, asOfMs: number): number {
  return startedAt === undefined ? 0 : Math.max(0, (asOfMs - startedAt.getTime()) / 1000);
}

function timesOf({ startedAt, reportedAt, endedAt }: Trial): number[] {
  return [startedAt, reportedAt, endedAt].flatMap((time) => time?.getTime() ?? []);
}

/** Returns the seconds between the end of each trial and the next start on its trainer. */
function gapsOf(ended: readonly Timed[], trials: readonly Trial[]): number[] {
  const starts = new Map<string, number[]>();
  for (const { trainerId, startedAt } of trials) {
    if (startedAt === undefined || trainerId === "") continue;
    const own = starts.get(trainerId);
    if (own === undefined) starts.set(trainerId, [startedAt.getTime()]);
    else own.push(startedAt.getTime());
  }
  for (const own of starts.values()) own.sort((a, b) => a - b);
  return ended.flatMap(({ trainerId, endedAt }) => {
    const next = firstFrom(starts.get(trainerId) ?? [], endedAt.getTime());
    return next === undefined ? [] : [(next - endedAt.getTime()) / 1000];
  });
}

/** Returns the first of ascending values that is not below a limit; undefined if there is none. */
function firstFrom(values: readonly number[], limit: number): number | undefined {
  let [low, high] = [0, values.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((values[middle] as number) < limit) low = middle + 1;
    else high = middle;
  }
  return values[low];
}

/**
 * Returns the seconds that a trial under way still needs: the expectation over the trials that take
 * more epochs, or more time if it has reported none.
 */
export function remainingSeconds(trial: Trial, experience: Experience): number {
  const { epochs, latest, executions, maxEpochs } = trial;
  if (epochs === 0 || experience.epochs.length === 0)
    return executions * excess(experience.seconds, elapsedSeconds(trial, experience.asOfMs) / executions);
  const seconds = latest?.seconds ?? 0;
  const pace = seconds > 0 ? seconds : 1 / experience.epochsPerSecond;
  const most = maxEpochs > 0 ? maxEpochs * executions - epochs : Number.POSITIVE_INFINITY;
  const expected = executions * excess(experience.epochs, epochsEach(trial));
  return pace * Math.max(1, Math.min(expected, most));
}

/** Returns the median over trials of the seconds of their latest epochs; 0 before the first. */
export function secondsPerEpoch(trials: readonly Trial[]): number {
  return median(trials.flatMap(({ latest }) => latest?.seconds ?? [])) ?? 0;
}

function median(values: readonly number[]): number | undefined {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)];
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
