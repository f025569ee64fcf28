// The time left of a study whose trials wait at rungs: most of them train a few epochs, and few go
// on to their end. The trainings up to each rung are a stage, whose expected epochs are known.

import { type Study, type Trial, TrialState } from "@sintonia/proto/sintonia/v1/study";
import { isUnderWay } from "../state/states.js";
import { expectedEpochs, type Stopping } from "./early-stopping.js";

/** Epochs in which trials train from one rung to the next, or to their end. */
export interface Stage {
  readonly from: number;
  readonly to: number;
  /** Expected number of trials that train in the stage. */
  readonly trials: number;
  /** Early stopping, in the last stage. @default none */
  readonly stopping?: Stopping | undefined;
}

/** The pruners with one bracket of rungs, and their settings in a spec. */
type RaceSettings =
  | { readonly type: "asha"; readonly minEpochs: number; readonly reductionFactor: number }
  | { readonly type: "curve"; readonly finalists?: number };

interface RaceSpec {
  readonly pruner?: RaceSettings | { readonly type: "other" };
  readonly training?: { readonly callbacks?: readonly { readonly type?: unknown; readonly patience?: unknown }[] };
}

/** Rungs of `curve` are at 1, 4, 16, ... epochs; one of 16 trials goes on to its end. */
const CURVE = { minEpochs: 1, reductionFactor: 4, trialsPerFinalist: 16 } as const;

/**
 * Returns the stages of a study whose pruner has rungs; undefined for another study. `hyperband`
 * has several brackets and no stages here. The stages are unknown while no trial has completed or
 * told its largest number of epochs: programs tell none.
 *
 * @param trials - the trials of the study
 * @param count - number of trials that the search will have
 */
export function stagesOf(
  { specJson }: Study,
  trials: readonly Trial[],
  count: number,
): readonly Stage[] | "unknown" | undefined {
  const { pruner, training } = (specJson === "" ? {} : JSON.parse(specJson)) as RaceSpec;
  if (pruner?.type !== "asha" && pruner?.type !== "curve") return undefined;
  const stopping = stoppingOf(trials, training);
  const end = wholeLength(trials, stopping);
  if (end === undefined) return "unknown";
  const { minEpochs, reductionFactor } = pruner.type === "asha" ? pruner : CURVE;
  const least =
    pruner.type === "asha" ? 1 : (pruner.finalists ?? Math.max(1, Math.floor(count / CURVE.trialsPerFinalist)));
  const edges = [0];
  for (let rung = minEpochs; rung < end; rung *= reductionFactor) edges.push(rung);
  let expected = count;
  return [...edges.slice(1), end].map((to, i) => {
    const isLast = i === edges.length - 1;
    const stage = { from: edges[i] as number, to, trials: expected, ...(isLast ? { stopping } : {}) };
    expected = Math.min(expected, Math.max(least, Math.floor(expected / reductionFactor)));
    return stage;
  });
}

/** Returns the early stopping of trials of one execution. */
function stoppingOf(trials: readonly Trial[], training: RaceSpec["training"]): Stopping | undefined {
  const { maxEpochs = 0, executions = 1 } = trials.find((trial) => trial.maxEpochs > 0) ?? {};
  const patience = Number(training?.callbacks?.find(({ type }) => type === "EarlyStopping")?.patience);
  return maxEpochs > 0 && executions === 1 && patience > 0
    ? { patience: Math.min(patience, maxEpochs), maxEpochs }
    : undefined;
}

/**
 * Returns the epochs of a whole training: the mean of the completed ones; before the first, the
 * number that early stopping lets expect, or the largest one.
 */
function wholeLength(trials: readonly Trial[], stopping: Stopping | undefined): number | undefined {
  const completed = trials.filter(({ state }) => state === TrialState.COMPLETED).map(({ epochs }) => epochs);
  if (completed.length > 0) return completed.reduce((sum, epochs) => sum + epochs, 0) / completed.length;
  if (stopping !== undefined) return expectedEpochs(stopping, 1, 1);
  const { maxEpochs = 0, executions = 1 } = trials.find((trial) => trial.maxEpochs > 0) ?? {};
  return maxEpochs === 0 ? undefined : executions * maxEpochs;
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

/** Returns the seconds of all stages, each with as many trainers as it has trials. */
export function stagesSeconds(stages: readonly Stage[], trials: readonly Trial[], pace: RacePace): number {
  return stages.reduce((sum, stage) => sum + stageSeconds(stage, trials, pace), 0);
}

function stageSeconds(stage: Stage, trials: readonly Trial[], pace: RacePace): number {
  const { from, to, trials: expected } = stage;
  const inside = trials.filter(({ epochs, state }) => epochs > from + (state === TrialState.PRUNED ? AHEAD : 0));
  const begun = Math.max(inside.length, from === 0 ? trials.filter(isUnderWay).length : 0);
  const unbegun = Math.max(0, expected - begun);
  const epochs = unbegun * (to - from) + inside.reduce((sum, trial) => sum + epochsLeft(stage, trial), 0);
  const seconds = epochs * pace.secondsPerEpoch + unbegun * pace.gapSeconds;
  return seconds / Math.max(1, Math.min(pace.parallel, Math.max(expected, inside.length)));
}

/** Returns the epochs that a trial in a stage still trains in it. */
function epochsLeft({ to, stopping }: Stage, trial: Trial): number {
  const { epochs, best } = trial;
  if (hasLeft(trial)) return 0;
  if (stopping === undefined || best === undefined) return Math.max(0, to - epochs);
  return Math.max(1, expectedEpochs(stopping, best.epoch + 1, epochs) - epochs);
}

/** Tells whether a trial trains no more in the stage in which it is. */
function hasLeft({ state }: Trial): boolean {
  return state >= TrialState.COMPLETED && state !== TrialState.PAUSED;
}
