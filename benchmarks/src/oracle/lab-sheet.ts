// The experiment of the lab sheet: one parameter, few trials, and noise as large as the effect of
// the parameter. Measures the true accuracy of the chosen trial, and the coverage of its interval.

import { createOracle } from "@sintonia/tuning/oracle/registry";
import { rankTrials } from "@sintonia/tuning/selection/ranking";
import type { Problem } from "./problems/definition/problem.js";
import { requestAfter, runStudy, type StudyRecord } from "./study.js";

export interface LabSheetSettings {
  readonly seeds: number;
  readonly firstSeed: number;
  /** Number of completed trials of each study. */
  readonly trials: number;
}

/** Result of one selection rule over all studies, in percentage points of accuracy. */
export interface ChoiceResult {
  readonly choice: string;
  /** Mean of the best true accuracy minus that of the chosen trial, and its standard error. */
  readonly meanRegret: number;
  readonly standardError: number;
}

export interface LabSheetAt {
  readonly scale: Scale;
  /** Standard deviation of one measured accuracy, in percentage points. */
  readonly noise: number;
  readonly choices: readonly ChoiceResult[];
  /** Share of studies whose interval contains the true accuracy of the chosen trial, in [0, 1]. */
  readonly coverage: number;
  readonly meanIntervalWidth: number;
}

export interface LabSheetResult extends LabSheetSettings {
  readonly at: readonly LabSheetAt[];
}

type Scale = "linear" | "log";

/** The lab sheet itself uses the linear scale. */
const SCALES: readonly Scale[] = ["log", "linear"];
/**
 * Noise in percentage points. The accuracy at the ends of the range is 0.19 and 0.11 points below
 * the maximum.
 */
const NOISES = [0.05, 0.1, 0.2];
const BEST_STDDEV = 0.037;

/** Returns the problem: accuracy in per cent = 98.5 - 0.6 log10(stddev / 0.037)^2. */
function sheetOf(scale: Scale): Problem {
  return {
    space: { stddev: { type: "double", min: 0.01, max: 0.1, scale } },
    regret: ({ stddev }) => 0.6 * Math.log10((stddev as number) / BEST_STDDEV) ** 2,
  };
}

/**
 * Compares the Bayesian oracle with KerasTuner's algorithm, and the best posterior mean with the
 * best measurement.
 */
export function measureLabSheet({ seeds, firstSeed, trials }: LabSheetSettings): LabSheetResult {
  const settings = { seeds, firstSeed, trials };
  const at = SCALES.flatMap((scale) => NOISES.map((noise) => measureAt({ scale, noise }, settings)));
  return { ...settings, at };
}

function measureAt({ scale, noise }: Pick<LabSheetAt, "scale" | "noise">, settings: LabSheetSettings): LabSheetAt {
  const { seeds, firstSeed, trials } = settings;
  const sheet = sheetOf(scale);
  const numbers = Array.from({ length: seeds }, (_, i) => firstSeed + i);
  const studiesOf = (type: "bayesian" | "keras-tuner") =>
    numbers.map((seed) => runStudy(createOracle({ type }), sheet, { seed, trials, parallel: 1, noise }));
  const [ours, theirs] = [studiesOf("bayesian"), studiesOf("keras-tuner")];
  const named = ours.map((study, i) => nameBest(sheet, study, numbers[i] as number));
  return {
    ...{ scale, noise },
    choices: [
      choiceOf(
        "bayesian, best expected",
        named.map(({ regret }) => regret),
      ),
      choiceOf("bayesian, best measured", ours.map(measuredBest)),
      choiceOf("keras-tuner, best measured", theirs.map(measuredBest)),
    ],
    coverage: named.filter(({ low, high, regret }) => low <= regret && regret <= high).length / seeds,
    meanIntervalWidth: mean(named.map(({ low, high }) => high - low)),
  };
}

/** Returns the interval and the true regret of the trial with the best posterior mean. */
function nameBest(sheet: Problem, { ended }: StudyRecord, seed: number) {
  const request = requestAfter(sheet, ended, { seed, trialNumber: ended.length, pending: [] });
  const [best] = rankTrials(
    request,
    request.completed.map((trial, i) => ({ ...trial, regret: ended[i]?.regret as number })),
  );
  if (best?.belief === undefined) throw new Error("there are too few trials for a surrogate");
  return { low: best.belief.low, high: best.belief.high, regret: best.regret };
}

function measuredBest({ ended }: StudyRecord): number {
  const objectives = ended.map(({ outcome }) => outcome.objective as number);
  return ended[objectives.indexOf(Math.min(...objectives))]?.regret as number;
}

function choiceOf(choice: string, regrets: readonly number[]): ChoiceResult {
  const meanRegret = mean(regrets);
  const variance = mean(regrets.map((regret) => (regret - meanRegret) ** 2));
  return { choice, meanRegret, standardError: Math.sqrt(variance / regrets.length) };
}

function mean(sample: readonly number[]): number {
  return sample.reduce((sum, value) => sum + value, 0) / sample.length;
}
