// The time left of a study: the rest of it is played through with the lengths of the trials so far.

import { BudgetLimit, type Study, type Trial, TrialState } from "@sintonia/proto/sintonia/v1/study";
import { expectedCourses, wholeLengths } from "./left/expected.js";
import {
  type Experience,
  experienceOf,
  plannedExperience,
  remainingSeconds,
  secondsPerEpoch,
} from "./left/experience.js";
import { type Race, raceOf, raceSeconds } from "./left/race.js";
import { lastEnd } from "./left/schedule.js";
import { type SearchSpec, searchSpecOf } from "./left/search-spec.js";
import { meanLength } from "./left/survival.js";
import { wholeLength } from "./left/whole-training.js";
import type { StudyProgress } from "./progress.js";
import { isHeldBack, isOver, isSettled, isUnderWay } from "./state/states.js";

/**
 * Estimates the remaining time of a study: that of the limit which is reached first.
 *
 * Limits of improvement are not foreseen: such a study may end earlier. Further trials are
 * expected to take as long as the trials so far, however these ended; under a pruner that compares
 * with completed trials, as long as the ones that it judged. Trainers take trials one after
 * another, with the pauses between trials that they had so far. Where trials wait at rungs, so many
 * of them are expected at each rung as its pruner lets go on.
 *
 * @returns seconds; undefined if the study has ended, and unless a limit of time is known: before
 *   the first epoch, and for programs that state no number of epochs before the first trial has
 *   ended, with rungs before one has completed
 */
export function secondsLeft(progress: StudyProgress): number | undefined {
  const { study, trials: byId, trainerCount } = progress;
  if (isOver(study)) return undefined;
  const trials = [...byId.values()].map(trained);
  const experience = experienceOf(trials) ?? planned(trials);
  const left = experience === undefined ? undefined : searchAndReplicates(study, trials, { experience, trainerCount });
  const limits = [left, limitLeft(study, BudgetLimit.SECONDS)].filter((seconds) => seconds !== undefined);
  return limits.length === 0 ? undefined : Math.min(...limits);
}

/**
 * Returns a trial whose end is that of its training. A paused trial has none yet, or is pruned much
 * later.
 */
function trained(trial: Trial): Trial {
  return isHeldBack(trial) ? { ...trial, endedAt: trial.reportedAt } : trial;
}

/** Returns what the plan of the trials lets expect, before one has ended. */
function planned(trials: readonly Trial[]): Experience | undefined {
  const epochs = wholeLength(trials);
  return epochs === undefined ? undefined : plannedExperience(trials, epochs / (trials[0]?.executions ?? 1));
}

interface Basis {
  readonly experience: Experience;
  readonly trainerCount: number;
}

/**
 * Returns the seconds until the last replicate has ended, with those of the search before;
 * undefined while the length of a whole training is unknown and needed.
 */
function searchAndReplicates(
  study: Study,
  trials: readonly Trial[],
  { experience, trainerCount }: Basis,
): number | undefined {
  const spec = searchSpecOf(study);
  const underWay = trials.filter(isUnderWay);
  // Few of the paused trials go on, and those early.
  const done = trials.filter((trial) => isSettled(trial) || isHeldBack(trial)).length;
  const waiting = Math.max(0, study.expectedTrialCount - done - underWay.length);
  const replicates = Math.min(waiting, Math.max(0, study.expectedTrialCount - study.maxTrials));
  const atOnce = Math.min(trainerCount, spec.budget?.parallelTrials ?? trainerCount);
  const parallel = Math.max(1, underWay.length, Math.min(atOnce, underWay.length + waiting));
  const executions = trials[0]?.executions ?? 1;
  const race = raceOf(spec, trials.filter(isOfSearch), Math.min(study.maxTrials, study.expectedTrialCount));
  if (race === "unknown") return undefined;
  const search =
    race === undefined
      ? scheduleSeconds(spec, trials, { experience, parallel, waiting: waiting - replicates })
      : raceLeft(race, trials, { experience, trainerCount: atOnce });
  const limited = Math.min(search, ...fluidLimits(study, { experience, parallel, executions }));
  const whole = race === undefined ? meanLength(wholeLengths(trials, experience).seconds) : wholeSeconds(race);
  // Replicates run in rounds of `parallel` trials, each of one execution.
  return limited + Math.ceil(replicates / parallel) * whole;
}

interface Scheduled {
  readonly experience: Experience;
  readonly parallel: number;
  /** Trials that wait or do not exist yet. */
  readonly waiting: number;
}

/** Returns the seconds until the last trial has ended: the mean over several choices of lengths. */
function scheduleSeconds(
  spec: SearchSpec,
  trials: readonly Trial[],
  { experience, parallel, waiting }: Scheduled,
): number {
  const ends = expectedCourses(spec, { trials, experience, waiting }).map((courses) =>
    lastEnd({ ...courses, parallel, gapSeconds: experience.gapSeconds }),
  );
  return ends.reduce((sum, seconds) => sum + seconds, 0) / ends.length;
}

/** Returns the seconds until the race has ended, and the replicates under way. */
function raceLeft(race: Race, trials: readonly Trial[], { experience, trainerCount }: Basis): number {
  const { gapSeconds } = experience;
  const hasEnded = race.trials.length >= race.count && race.trials.every(isSettled);
  const pace = { parallel: Math.max(1, trainerCount), secondsPerEpoch: secondsPerEpoch(race.trials), gapSeconds };
  const replicates = trials.filter((trial) => !isOfSearch(trial) && isUnderWay(trial));
  const whole = { ...experience, ...wholeLengths(trials, experience) };
  const left = replicates.map((trial) => remainingSeconds(trial, whole));
  return Math.max(hasEnded ? 0 : raceSeconds(race, pace), ...left);
}

/** Returns the seconds of the execution of a trial that trains to its end. */
function wholeSeconds({ trials, end }: Race): number {
  return (end / (trials[0]?.executions ?? 1)) * secondsPerEpoch(trials);
}

function isOfSearch({ replicates }: Trial): boolean {
  return replicates === undefined;
}

interface Fluid {
  readonly experience: Experience;
  readonly parallel: number;
  readonly executions: number;
}

/** Returns the seconds until the epochs and the trainer seconds of the budget are spent. */
function fluidLimits(study: Study, { experience, parallel, executions }: Fluid): number[] {
  const epochs = limitLeft(study, BudgetLimit.EPOCHS);
  const trainer = limitLeft(study, BudgetLimit.TRAINER_SECONDS);
  const trialSeconds = executions * meanLength(experience.seconds);
  const busyShare = trialSeconds / (trialSeconds + experience.gapSeconds);
  return [
    ...(epochs === undefined || experience.epochsPerSecond === 0
      ? []
      : [epochs / (parallel * experience.epochsPerSecond)]),
    ...(trainer === undefined || busyShare === 0 ? [] : [trainer / (parallel * busyShare)]),
  ];
}

/** Returns what is left of a limit; undefined if the study does not have it. */
function limitLeft({ budget }: Study, limit: BudgetLimit): number | undefined {
  const use = budget.find((candidate) => candidate.limit === limit);
  return use === undefined ? undefined : Math.max(0, use.max - (use.used ?? 0));
}

/**
 * Estimates the remaining time of a study whose trials are unknown: the active time so far, in
 * proportion to what is left of the limit that is nearest.
 */
export function roughSecondsLeft(study: Study): number | undefined {
  const { activeSeconds } = study;
  if (isOver(study) || study.pause !== undefined || activeSeconds <= 0) return undefined;
  const share = spentShare(study);
  return share > 0 ? (activeSeconds * (1 - share)) / share : undefined;
}

/** Returns the share of the budget that is spent, in [0, 1]: that of the limit that is nearest. */
export function spentShare({ budget, settledCount, expectedTrialCount }: Study): number {
  const costs: readonly BudgetLimit[] = [BudgetLimit.EPOCHS, BudgetLimit.SECONDS, BudgetLimit.TRAINER_SECONDS];
  const others = budget.filter(({ limit }) => costs.includes(limit)).map(({ max, used = 0 }) => used / max);
  return Math.min(1, Math.max(settledCount / Math.max(1, expectedTrialCount), ...others));
}

/**
 * Returns the duration of a trial's last attempt in seconds.
 *
 * @param now - end of an attempt that has not ended
 * @returns undefined if the attempt has not started, or has not ended and `now` is undefined
 */
export function trialSeconds(trial: Trial, now?: Date): number | undefined {
  const { state, startedAt, reportedAt, endedAt } = trial;
  const end = (isHeldBack(trial) ? reportedAt : endedAt) ?? now;
  if (state === TrialState.QUEUED || startedAt === undefined || end === undefined) return undefined;
  return Math.max(0, (end.getTime() - startedAt.getTime()) / 1000);
}
