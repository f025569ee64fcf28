// How well surrogates predict the final results of recorded trials: of some the final result is
// known, of others what they had reached when a pruner stopped them, and of the rest nothing.
//
//   s_i   final score of a trial of the rest                          in the objective's units
//   p     density of s_i by the surrogate's posterior with noise
//   log score: mean of max(-8, ln p(s_i)), so that one outlier does not decide

import { mean } from "@sintonia/tuning/numeric/vector";
import type { PartialResult, StudyHistory } from "@sintonia/tuning/objective/observation";
import { createRandom, deriveSeed, type Random } from "@sintonia/tuning/random/random";
import { type DesignSpace, designSpace } from "@sintonia/tuning/space/design-space";
import { fitFidelitySurrogate } from "@sintonia/tuning/surrogate/fidelity/fidelity-surrogate";
import { withPrunedTrials } from "@sintonia/tuning/surrogate/observation/pruned-trials";
import { fitSurrogate, type Surrogate } from "@sintonia/tuning/surrogate/surrogate";
import { targetAt } from "@sintonia/tuning/surrogate/warping/log-warp";
import { type RecordedSet, type ReplayTrial, readSets } from "../../pruners/replay/recorded-set.js";

/** The mean figures of one surrogate. */
export interface PredictionScore {
  readonly set: string;
  /** Trials with a final result, and stopped trials. */
  readonly finals: number;
  readonly stopped: number;
  readonly surrogate: "final results only" | "stopped trials clipped" | "fidelity";
  readonly logScore: number;
  /** Spearman's correlation of posterior means and final results. */
  readonly rankCorrelation: number;
  readonly repetitions: number;
}

const CASES = [
  { name: "digits-program", finals: 2, stopped: 20 },
  { name: "digits-program", finals: 6, stopped: 30 },
  { name: "digits-program", finals: 12, stopped: 60 },
  { name: "mnist-init", finals: 2, stopped: 20 },
  { name: "mnist-init", finals: 6, stopped: 20 },
];
const REPETITIONS = 15;
const LOG_SCORE_MIN = -8;
/** Cumulative shares of stopped trials by their last level, the lowest first. */
const LEVEL_SHARES = [0.5, 0.8, 0.95, 1];

/** Measures all cases. */
export function predictionScores(): PredictionScore[] {
  const sets = readSets();
  return CASES.flatMap(({ name, finals, stopped }) => {
    const set = sets.find((one) => one.name === name);
    if (set === undefined || set.trials.length < finals + stopped + 10) return [];
    const repeated = Array.from({ length: REPETITIONS }, (_, seed) => scoresOf(set, { finals, stopped, seed }));
    return (["final results only", "stopped trials clipped", "fidelity"] as const).map((surrogate) => ({
      ...{ set: name, finals, stopped, surrogate, repetitions: REPETITIONS },
      logScore: round(mean(repeated.map((scores) => scores[surrogate].logScore))),
      rankCorrelation: round(mean(repeated.map((scores) => scores[surrogate].rankCorrelation))),
    }));
  });
}

const round = (value: number) => Math.round(1000 * value) / 1000;

type Scores = Record<PredictionScore["surrogate"], Pick<PredictionScore, "logScore" | "rankCorrelation">>;

function scoresOf(
  set: RecordedSet,
  { finals, stopped, seed }: { readonly finals: number; readonly stopped: number; readonly seed: number },
): Scores {
  const random = createRandom(deriveSeed(seed, "prediction-scores", set.name));
  const order = shuffled(set.trials, random);
  const known = order.slice(0, finals);
  const partial = order.slice(finals, finals + stopped).map((trial) => ({ trial, last: lastLevel(set, random) }));
  const rest = order.slice(finals + stopped);
  const history: StudyHistory = {
    ...{ space: set.space, goal: "maximize", infeasible: [], seed },
    completed: known.map(({ recorded, best }) => ({ values: recorded.values, objective: best })),
    pruned: partial.map(({ trial, last }) => ({ values: trial.recorded.values, objective: bestBy(trial, last) })),
    partial: [
      ...known.flatMap((trial) => resultsBy(set, trial, set.maxEpochs - 1)),
      ...partial.flatMap(({ trial, last }) => resultsBy(set, trial, last)),
    ],
  };
  const design = designSpace(set.space);
  const score = (surrogate: Surrogate | undefined) => {
    if (surrogate === undefined) throw new Error("no surrogate");
    return {
      logScore: mean(rest.map((trial) => logScore(surrogate, design, trial))),
      rankCorrelation: spearman(
        rest.map(({ recorded }) => surrogate.posterior.predict(design.encode(recorded.values)).mean),
        rest.map(({ best }) => best),
      ),
    };
  };
  return {
    "final results only": score(fitSurrogate(history, design)),
    "stopped trials clipped": score(fitSurrogate(withPrunedTrials(history), design)),
    fidelity: score(fitFidelitySurrogate(history, design)),
  };
}

function shuffled<T>(items: readonly T[], random: Random): readonly T[] {
  return items
    .map((item) => ({ item, rank: random.uniform() }))
    .sort((a, b) => a.rank - b.rank)
    .map(({ item }) => item);
}

/** Epochs of the levels: maxEpochs / 3^k, the lowest first. */
function levelsOf({ maxEpochs }: RecordedSet): number[] {
  return LEVEL_SHARES.map((_, k) => Math.max(1, Math.round(maxEpochs / 3 ** (LEVEL_SHARES.length - k))));
}

function lastLevel(set: RecordedSet, random: Random): number {
  const draw = random.uniform();
  return levelsOf(set)[LEVEL_SHARES.findIndex((share) => draw < share)] as number;
}

function bestBy({ objectives }: ReplayTrial, epochs: number): number {
  return Math.max(...(objectives[Math.min(epochs, objectives.length) - 1] ?? []));
}

function resultsBy(set: RecordedSet, trial: ReplayTrial, epochs: number): PartialResult[] {
  const levels = [...new Set(levelsOf(set))].filter((level) => level <= Math.min(epochs, trial.objectives.length));
  return levels.map((level) => ({
    values: trial.recorded.values,
    objective: bestBy(trial, level),
    fidelity: level / set.maxEpochs,
  }));
}

function logScore({ sample, warped, parameters, posterior }: Surrogate, design: DesignSpace, trial: ReplayTrial) {
  const { scale } = sample;
  const { mean: expected, variance } = posterior.predict(design.encode(trial.recorded.values));
  const spread = variance + parameters.noiseVariance;
  const loss = (scale.best - trial.best / scale.size) / scale.unit;
  const target = targetAt(warped, loss);
  if (!Number.isFinite(target)) return LOG_SCORE_MIN;
  // The slope of the targets, by a central difference that holds on the tangent too.
  const step = 1e-6 * (warped.bend + Math.max(0, loss));
  const slope = (targetAt(warped, loss - step) - targetAt(warped, loss + step)) / (2 * step * scale.unit * scale.size);
  const density = -0.5 * Math.log(2 * Math.PI * spread) - (target - expected) ** 2 / (2 * spread);
  return Math.max(LOG_SCORE_MIN, density + Math.log(slope));
}

function spearman(a: readonly number[], b: readonly number[]): number {
  const [x, y] = [ranksOf(a), ranksOf(b)];
  const n = a.length;
  const squares = x.reduce((sum, rank, i) => sum + (rank - (y[i] as number)) ** 2, 0);
  return 1 - (6 * squares) / (n * (n * n - 1));
}

function ranksOf(values: readonly number[]): number[] {
  const ranks = new Array<number>(values.length);
  const order = values.map((value, i) => ({ value, i })).sort((a, b) => a.value - b.value);
  for (const [rank, { i }] of order.entries()) ranks[i] = rank;
  return ranks;
}
