import type { Pruner } from "@sintonia/tuning/pruner/contract/pruner";
import { createRandom, deriveSeed } from "@sintonia/tuning/random/random";
import type { RecordedSet, ReplayTrial } from "./recorded-set.js";
import { type Replay, replayStudy } from "./replayed-study.js";

/** One figure of several replays. */
export interface Estimate {
  readonly mean: number;
  /** Standard error of the mean over the replays. */
  readonly standardError: number;
}

/** The figures of a pruner on a set. */
export interface PrunerResult {
  readonly set: string;
  readonly pruner: string;
  readonly trainers: number;
  /** Trials of each study. */
  readonly trials: number;
  /** Trials of the set. */
  readonly recorded: number;
  readonly replays: number;
  /** Epochs as a share of those of the unpruned study. */
  readonly epochs: Estimate;
  /** Time until the study's end as a share of that of the unpruned study. */
  readonly time: Estimate;
  /** True accuracy of the best trial of the study minus that of the chosen one. */
  readonly regret: Estimate;
  /** Regret minus that of the unpruned study. */
  readonly extraRegret: Estimate;
  /** Mean number of completed trials. */
  readonly completed: number;
  /** Pruned trials of all replays; undefined for a peer. */
  readonly pruned?: number;
  /** Pruned trials whose whole curve is better than the limit of the verdict against them. */
  readonly beyondLimit?: number;
  /** Trials of all replays that still wait at a rung at the end; undefined for a peer. */
  readonly waiting?: number;
  /** Of these, trials whose whole curve is significantly better than the chosen trial's. */
  readonly waitingBetter?: number;
}

/** The counts of a replay that a peer does not report. */
const COUNTS = ["pruned", "beyondLimit", "waiting", "waitingBetter"] as const;
type Counts = Partial<Record<(typeof COUNTS)[number], number>>;

/** The course of one study under one pruner, as a program of a peer reports it too. */
export interface Outcome extends Counts {
  readonly epochs: number;
  readonly seconds: number;
  readonly chosen: number | undefined;
  readonly completed: number;
}

/** Studies to replay. */
export interface Measurement {
  readonly set: RecordedSet;
  readonly trainers: number;
  readonly trials: number;
  readonly replays: number;
}

/** Returns the trials of each replay, without repetition. The replay's number determines them. */
export function ordersOf({ set, trials, replays }: Measurement): number[][] {
  return Array.from({ length: replays }, (_, replay) => {
    const random = createRandom(deriveSeed(replay, "pruner-replay", set.name));
    const numbers = set.trials.map((_, i) => i);
    for (let i = 0; i < trials; i++) {
      const j = i + random.integer(numbers.length - i);
      [numbers[i], numbers[j]] = [numbers[j] as number, numbers[i] as number];
    }
    return numbers.slice(0, trials);
  });
}

/** Returns the studies of a measurement. */
export function replaysOf(measurement: Measurement): Replay[] {
  const { set, trainers } = measurement;
  const { maxEpochs, validationRows, statedRows: rows } = set;
  return ordersOf(measurement).map((order) => {
    const trials = order.map((number) => set.trials[number] as ReplayTrial);
    return { trials, trainers, maxEpochs, rows, validationRows };
  });
}

/** Replays every study of a measurement under a pruner. */
export function replayAll(measurement: Measurement, pruner: Pruner): Outcome[] {
  return replaysOf(measurement).map((replay) => replayStudy(replay, pruner));
}

/**
 * Compares the studies of a pruner with the same studies without one.
 *
 * @param measurement - `outcomes` are those of its first studies
 */
export function resultOf(
  measurement: Measurement,
  {
    pruner,
    outcomes,
    unpruned,
    truth,
  }: {
    readonly pruner: string;
    readonly outcomes: readonly Outcome[];
    readonly unpruned: readonly Outcome[];
    /** True accuracy of each trial of the set. */
    readonly truth: readonly number[];
  },
): PrunerResult {
  const { set, trainers, trials } = measurement;
  const replays = outcomes.length;
  const regrets = ordersOf(measurement)
    .slice(0, replays)
    .map((order, replay) => {
      const accuracies = order.map((number) => truth[number] as number);
      const regretOf = ({ chosen }: Outcome) => Math.max(...accuracies) - (accuracies[chosen ?? -1] ?? 0);
      return { own: regretOf(outcomes[replay] as Outcome), base: regretOf(unpruned[replay] as Outcome) };
    });
  const share = (key: "epochs" | "seconds") =>
    estimate(outcomes.map((outcome, replay) => outcome[key] / (unpruned[replay] as Outcome)[key]));
  const sum = (key: keyof Counts) => outcomes.reduce((total, outcome) => total + (outcome[key] ?? 0), 0);
  return {
    set: set.name,
    ...{ pruner, trainers, trials, recorded: set.trials.length, replays },
    epochs: share("epochs"),
    time: share("seconds"),
    regret: estimate(regrets.map(({ own }) => own)),
    extraRegret: estimate(regrets.map(({ own, base }) => own - base)),
    completed: estimate(outcomes.map(({ completed }) => completed)).mean,
    ...(outcomes.some(({ pruned }) => pruned === undefined)
      ? {}
      : Object.fromEntries(COUNTS.map((key) => [key, sum(key)]))),
  };
}

function estimate(sample: readonly number[]): Estimate {
  const mean = sample.reduce((sum, value) => sum + value, 0) / sample.length;
  const squares = sample.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, standardError: Math.sqrt(squares / Math.max(1, sample.length - 1) / sample.length) };
}
