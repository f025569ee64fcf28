// The time left of a study whose trials wait at rungs: most of them train a few epochs, and few go
// on to their end. The trainings up to each rung are a stage, whose expected epochs are known.

import { type Study, type Trial, TrialState } from "@sintonia/proto/sintonia/v1/study";
import { isUnderWay } from "../state/states.js";
import { bracketsOf, type RaceBracket, type RaceSettings } from "./brackets.js";
import { wholeLength } from "./whole-training.js";

/** The expected course of a search whose trials wait at rungs. */
export interface Race {
  readonly brackets: readonly RaceBracket[];
  /** Expected epochs of a trial that trains to its end. */
  readonly end: number;
}

interface RaceSpec {
  readonly pruner?: RaceSettings | { readonly type: "other" };
}

/**
 * Returns the race of a study whose pruner has rungs; undefined for another study. The race is
 * unknown until a trial has completed or states its largest number of epochs, which a program need
 * not state.
 *
 * @param trials - the trials of the search
 * @param count - number of trials that the search will have
 */
export function raceOf({ specJson }: Study, trials: readonly Trial[], count: number): Race | "unknown" | undefined {
  const { pruner } = (specJson === "" ? {} : JSON.parse(specJson)) as RaceSpec;
  if (pruner?.type !== "asha" && pruner?.type !== "hyperband" && pruner?.type !== "curve") return undefined;
  const end = wholeLength(trials);
  if (end === undefined) return "unknown";
  const maxEpochs = trials.find((trial) => trial.maxEpochs > 0)?.maxEpochs ?? end;
  return { brackets: bracketsOf(pruner, { trials, count, end, maxEpochs }), end };
}

/** Epochs that a trial may have trained beyond the rung at which it was pruned. */
const AHEAD = 1;

/** What trainers do at once, and how long it takes. */
export interface RacePace {
  /** Trials at once, at least 1. */
  readonly parallel: number;
  readonly secondsPerEpoch: number;
  /** Seconds between two trials of a trainer. */
  readonly gapSeconds: number;
}

/** Epochs in which the trials of a bracket train from one rung to the next, or to their end. */
interface Stage {
  readonly from: number;
  readonly to: number;
  /** Expected number of trials that train in the stage. */
  readonly expected: number;
  /** True if its trials train to their end. */
  readonly isLast: boolean;
  readonly trials: readonly Trial[];
}

/**
 * Returns the seconds that a race still takes: the time of all its work with every trainer busy, or
 * that of the bracket which takes longest. A bracket passes its stages one after the other, each
 * with as many trainers as it has trials.
 */
export function raceSeconds(race: Race, pace: RacePace): number {
  const brackets = race.brackets.map((bracket) => stagesOf(bracket, race).map((stage) => workIn(stage, pace)));
  const work = brackets.flat().reduce((sum, { seconds }) => sum + seconds, 0);
  const longest = brackets.map((stages) =>
    stages.reduce((sum, { seconds, trials }) => sum + seconds / Math.max(1, Math.min(pace.parallel, trials)), 0),
  );
  return Math.max(work / pace.parallel, ...longest);
}

function stagesOf({ rungs, reductionFactor, least, count, trials }: RaceBracket, { end }: Race): Stage[] {
  const edges = [0, ...rungs];
  let expected = count;
  return [...rungs, end].map((to, i) => {
    const stage = { from: edges[i] as number, to, expected, isLast: i === edges.length - 1, trials };
    expected = Math.min(expected, Math.max(least, Math.floor(expected / reductionFactor)));
    return stage;
  });
}

/** Returns the trainer seconds that are left in a stage, and the number of its trials. */
function workIn(stage: Stage, { secondsPerEpoch, gapSeconds }: RacePace): { seconds: number; trials: number } {
  const { from, to, expected, trials } = stage;
  const inside = trials.filter(({ epochs, state }) => epochs > from + (state === TrialState.PRUNED ? AHEAD : 0));
  const begun = Math.max(inside.length, from === 0 ? trials.filter(isUnderWay).length : 0);
  const unbegun = Math.max(0, expected - begun);
  const epochs = unbegun * (to - from) + inside.reduce((sum, trial) => sum + epochsLeft(stage, trial), 0);
  return { seconds: epochs * secondsPerEpoch + unbegun * gapSeconds, trials: Math.max(expected, inside.length) };
}

/** Returns the epochs that a trial in a stage still trains in it. */
function epochsLeft({ to, isLast }: Stage, trial: Trial): number {
  const { epochs, expectedEpochs } = trial;
  if (hasLeft(trial)) return 0;
  return isLast && expectedEpochs !== undefined ? Math.max(1, expectedEpochs - epochs) : Math.max(0, to - epochs);
}

/** Tells whether a trial trains no more in the stage in which it is. */
function hasLeft({ state }: Trial): boolean {
  return state >= TrialState.COMPLETED && state !== TrialState.PAUSED;
}
