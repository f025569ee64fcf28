// A study whose trials wait at rungs: most of them train a few epochs, and few go on to their end.

import { type Trial, TrialState } from "@sintonia/proto/sintonia/v1/study";
import { isSettled, isUnderWay } from "../state/states.js";
import { bracketsOf, type RaceBracket } from "./brackets.js";
import { type PlayedTrial, type RacePace, RacePlay } from "./race-play.js";
import type { SearchSpec } from "./search-spec.js";
import { wholeLength } from "./whole-training.js";

/** The expected course of a search whose trials wait at rungs. */
export interface Race {
  /** Returns the bracket of a trial, by its number in the search. */
  bracketOf(number: number): RaceBracket;
  /** The trials of the search, in the order of their numbers. */
  readonly trials: readonly Trial[];
  /** Number of trials that the search will have. */
  readonly count: number;
  /** Expected epochs of a trial that trains to its end. */
  readonly end: number;
}

/**
 * Returns the race of a search whose pruner has rungs; undefined for another one. The race is
 * unknown until a trial has completed or states its largest number of epochs, which a program need
 * not state.
 *
 * @param trials - the trials of the search
 * @param count - number of trials that the search will have
 */
export function raceOf({ pruner }: SearchSpec, trials: readonly Trial[], count: number): Race | "unknown" | undefined {
  if (pruner?.type !== "asha" && pruner?.type !== "hyperband" && pruner?.type !== "curve") return undefined;
  const end = wholeLength(trials);
  if (end === undefined) return "unknown";
  const maxEpochs = trials.find((trial) => trial.maxEpochs > 0)?.maxEpochs ?? end;
  return { bracketOf: bracketsOf(pruner, { count, end, maxEpochs }), trials, count, end };
}

/** Largest number of trials times trainers that is played through; some milliseconds. */
const PLAYED_MAX = 200_000;

/**
 * Returns the seconds that a race still takes: it is played, and each rung lets pass as many trials
 * as its pruner would. Of very many trials, the time of all the work is divided by the trainers.
 */
export function raceSeconds(race: Race, pace: RacePace): number {
  if (race.count * pace.parallel <= PLAYED_MAX) return playOf(race, pace).run().seconds;
  return playOf(race, { ...pace, parallel: 1 }).run().work / pace.parallel;
}

function playOf(race: Race, pace: RacePace): RacePlay {
  const play = new RacePlay(pace, race.end);
  for (const trial of race.trials) play.add(playedTrial(trial, race));
  const fresh = { epochs: 0, end: race.end, state: "queued" } as const;
  for (let number = race.trials.length; number < race.count; number++) {
    play.add({ bracket: race.bracketOf(number), ...fresh });
  }
  return play;
}

function playedTrial(trial: Trial, race: Race): PlayedTrial {
  const { id, epochs, expectedEpochs: end = race.end } = trial;
  return { bracket: race.bracketOf(Number(id)), epochs, end, state: stateOf(trial) };
}

function stateOf(trial: Trial): PlayedTrial["state"] {
  if (isUnderWay(trial)) return "training";
  if (trial.state === TrialState.PAUSED) return "paused";
  return isSettled(trial) ? "ended" : "queued";
}
