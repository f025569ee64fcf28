// What is expected of the trials of a search that have not ended. A pruner that compares with
// completed trials lets the first ones train to their end, and ends most of the others early.

import { type Trial, TrialState } from "@sintonia/proto/sintonia/v1/study";
import { isSettled, isUnderWay } from "../state/states.js";
import { type Experience, elapsedSeconds, remainingSeconds, type TrialLengths, trialLengths } from "./experience.js";
import type { Course, OpenTrials } from "./schedule.js";
import type { JudgeSettings, SearchSpec } from "./search-spec.js";
import { type Length, meanLength, spreadQuantiles } from "./survival.js";

/** The courses that are expected of a search. */
export type Expectation = Pick<OpenTrials, "busy" | "waiting" | "unjudged">;

/** The trials of a study. */
export interface Search {
  readonly trials: readonly Trial[];
  readonly experience: Experience;
  /** Number of trials of the search that wait or do not exist yet. */
  readonly waiting: number;
}

const BY_MEDIAN = lengths([0.03, 0.57], [0.08, 0.2], [0.2, 0.1], [0.5, 0.04], [1, 0.09]);
/**
 * Lengths of the trials that a pruner judges, as shares of a whole training: about those of
 * docs/pruning/replays.md.
 */
const JUDGED: Readonly<Record<JudgeSettings["type"], readonly Length[]>> = {
  median: BY_MEDIAN,
  percentile: BY_MEDIAN,
  wilcoxon: lengths([0.1, 0.45], [0.3, 0.25], [0.6, 0.1], [1, 0.2]),
};
/** Number of trials whose lengths weigh as much as the shares above. */
const PRIOR_TRIALS = 3;
/** The step of the choice of ends by the pruner, other than that of the whole lengths. */
const OTHER_STEP = Math.SQRT2 - 1;

function lengths(...pairs: readonly (readonly [value: number, share: number])[]): readonly Length[] {
  return pairs.map(([value, share]) => ({ value, share }));
}

/** Number of choices of the lengths of few trials. Of many, one even choice is as good. */
const CHOICES = 8;
const FEW_TRIALS = 200;

/**
 * Returns what is expected of a search, with even choices of the lengths of its trials. Replicates
 * under way are expected as its trials.
 */
export function expectedCourses({ pruner }: SearchSpec, search: Search): readonly Expectation[] {
  const isJudged = pruner?.type === "median" || pruner?.type === "percentile" || pruner?.type === "wilcoxon";
  const coursesAt = isJudged ? judgedCourses(search, pruner) : unprunedCourses(search);
  const choices = search.waiting <= FEW_TRIALS ? CHOICES : 1;
  return Array.from({ length: choices }, (_, i) => coursesAt((i + 0.5) / choices));
}

/** Returns the courses by a choice of lengths, whose offset is in [0, 1). */
type CoursesAt = (offset: number) => Expectation;

function unprunedCourses({ trials, experience, waiting }: Search): CoursesAt {
  const executions = trials[0]?.executions ?? 1;
  const unpruned = (whole: number): Course => ({ whole, pruned: Number.POSITIVE_INFINITY });
  const busy = trials.filter(isUnderWay).map((trial) => unpruned(remainingSeconds(trial, experience)));
  return (offset) => ({
    busy,
    waiting: spreadQuantiles(experience.seconds, waiting, { offset }).map((seconds) => unpruned(executions * seconds)),
    unjudged: Number.POSITIVE_INFINITY,
  });
}

function judgedCourses(search: Search, { type, startupTrials = 1 }: JudgeSettings): CoursesAt {
  const { trials, experience, waiting } = search;
  const { asOfMs } = experience;
  const executions = trials[0]?.executions ?? 1;
  const underWay = trials.filter(isUnderWay);
  const unjudged = Math.max(0, startupTrials - trials.filter(hasCompleted).length);
  const whole = wholeLengths(trials, experience);
  const judged = judgedLengths(begunAfter(startupTrials, trials), { whole, shares: JUDGED[type], asOfMs });
  const remaining = { ...experience, ...(unjudged > 0 ? whole : judged) };
  return (offset) => {
    const ends = spreadQuantiles(judged.seconds, underWay.length + waiting, { offset, step: OTHER_STEP });
    const prunedAt = (i: number) => executions * (ends[i] as number);
    return {
      busy: underWay.map((trial, i) => ({
        whole: remainingSeconds(trial, remaining),
        // What remains of a judged trial is already that of trials which may be pruned.
        pruned: unjudged > 0 ? prunedAt(i) - elapsedSeconds(trial, asOfMs) : Number.POSITIVE_INFINITY,
      })),
      waiting: spreadQuantiles(whole.seconds, waiting, { offset }).map((seconds, i) => ({
        whole: executions * seconds,
        pruned: prunedAt(underWay.length + i),
      })),
      unjudged,
    };
  };
}

/**
 * Returns the lengths of whole trainings: of the completed trials and those under way. While no
 * trial has completed, returns the lengths of all trials.
 */
export function wholeLengths(trials: readonly Trial[], experience: Experience): TrialLengths {
  const unpruned = trials.filter((trial) => hasCompleted(trial) || isUnderWay(trial));
  return trialLengths(unpruned, experience.asOfMs) ?? experience;
}

function hasCompleted({ state }: Trial): boolean {
  return state === TrialState.COMPLETED;
}

/** Returns the trials that began when so many had completed: the pruner judged all their epochs. */
function begunAfter(count: number, trials: readonly Trial[]): readonly Trial[] {
  const ends = trials.filter(hasCompleted).map(({ endedAt }) => endedAt?.getTime() ?? 0);
  const since = count === 0 ? 0 : (ends.sort((a, b) => a - b)[count - 1] ?? Number.POSITIVE_INFINITY);
  return trials.filter(({ startedAt }) => startedAt !== undefined && startedAt.getTime() >= since);
}

interface JudgedBasis {
  readonly whole: TrialLengths;
  readonly shares: readonly Length[];
  readonly asOfMs: number;
}

/** Returns the lengths of judged trials: those so far, and what the pruner lets expect. */
function judgedLengths(judged: readonly Trial[], { whole, shares, asOfMs }: JudgedBasis): TrialLengths {
  const known = trialLengths(judged, asOfMs);
  const count = judged.filter(isSettled).length;
  const weight = known === undefined ? 0 : count / (count + PRIOR_TRIALS);
  const mixed = (own: readonly Length[], wholes: readonly Length[]) => {
    if (wholes.length === 0) return wholes;
    const mean = meanLength(wholes);
    const expected = shares.map(({ value, share }) => ({ value: value * mean, share: (1 - weight) * share }));
    const measured = own.map(({ value, share }) => ({ value, share: weight * share }));
    return [...expected, ...measured].sort((a, b) => a.value - b.value);
  };
  return { seconds: mixed(known?.seconds ?? [], whole.seconds), epochs: mixed(known?.epochs ?? [], whole.epochs) };
}
