// The case of the lab sheet: one parameter, few trials, noise of the size of what the parameter is worth. What counts is the
// true value of the trial that is named in the end, and whether the interval that is named with it holds that value.

import { createOracle } from "@sintonia/tuning/oracle/create";
import { rankTrials } from "@sintonia/tuning/selection/ranking";
import type { Problem } from "./problems/definition/problem.js";
import { type Record, requestAfter, runStudy } from "./study.js";

export interface LabSheetSettings {
  readonly seeds: number;
  readonly firstSeed: number;
  /** Completed trials of each study. */
  readonly trials: number;
}

/** How well a way to choose does over the studies; in percentage points of accuracy. */
export interface ChoiceResult {
  readonly choice: string;
  /** Of the true accuracy of the trial named, below the best there is, and its standard error. */
  readonly meanRegret: number;
  readonly standardError: number;
}

export interface LabSheetAt {
  readonly scale: Scale;
  /** Standard deviation of one accuracy. */
  readonly noise: number;
  readonly choices: readonly ChoiceResult[];
  /** Share of the studies whose interval holds the true accuracy of the trial named. */
  readonly coverage: number;
  readonly meanIntervalWidth: number;
}

export interface LabSheetResult extends LabSheetSettings {
  readonly at: readonly LabSheetAt[];
}

type Scale = "linear" | "log";

/** The sheet's own scale is linear. */
const SCALES: readonly Scale[] = ["log", "linear"];
/** Over the sheet's range the accuracy loses 0.19 points at one end and 0.11 at the other. */
const NOISES = [0.05, 0.1, 0.2];
const BEST_STDDEV = 0.037;

/** The accuracy of the sheet's network falls by the square of the logarithm: 98.5 - 0.6 log₁₀(s / 0.037)² per cent. */
function sheetOf(scale: Scale): Problem {
  return {
    space: { stddev: { type: "double", min: 0.01, max: 0.1, scale } },
    regret: ({ stddev }) => 0.6 * Math.log10((stddev as number) / BEST_STDDEV) ** 2,
  };
}

/** Compares the Bayesian oracle and its expectation with KerasTuner's settings and the best measured trial. */
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

/** The interval at the trial of best expectation, and its true regret. */
function nameBest(sheet: Problem, { ended }: Record, seed: number) {
  const request = requestAfter(sheet, ended, { seed, trialNumber: ended.length, pending: [] });
  const [best] = rankTrials(
    request,
    request.completed.map((trial, i) => ({ ...trial, regret: ended[i]?.regret as number })),
  );
  if (best?.belief === undefined) throw new Error("there are too few trials for a surrogate");
  return { low: best.belief.low, high: best.belief.high, regret: best.regret };
}

function measuredBest({ ended }: Record): number {
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
