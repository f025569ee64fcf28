// What results on a part of the training data are worth: studies of the digits with the results of
// an earlier study on a fifth of the training rows, and without.

import { join } from "node:path";
import { mean } from "@sintonia/tuning/numeric/vector";
import type { Observation } from "@sintonia/tuning/objective/observation";
import { createOracle } from "@sintonia/tuning/oracle/registry";
import type { ParameterValues } from "@sintonia/tuning/space/parameter";
import { CURVES_FOLDER, readCurves } from "../../curves/curve-file.js";
import type { RecordedSet } from "../../pruners/replay/recorded-set.js";
import { recordedDigits } from "./digits.js";

/** What a study makes of the earlier results: it has none, or counts them so. */
export type EarlierResults = "none" | "as final results" | "by their fidelity";

/** Mean regrets of the studies of one kind. */
export interface DataShareResult {
  readonly earlier: EarlierResults;
  readonly studies: number;
  /** Mean regret at each of `COSTS`. */
  readonly regrets: readonly number[];
}

/** Share of the training rows of the earlier study. */
export const SHARE = 0.2;
/** Trials of the earlier study. */
export const EARLIER_TRIALS = 20;
/** Row passes of a study with the earlier one, in whole trials, at which regrets are shown. */
export const COSTS = [5, 6, 8, 10, 14] as const;

const STUDIES = 40;
const KINDS = ["none", "as final results", "by their fidelity"] as const satisfies readonly EarlierResults[];
const PART_FILE = join(CURVES_FOLDER, "digits-program-fifth.ndjson");

/** Measures all kinds. */
export function dataShareResults(): DataShareResult[] {
  const digits = readDigits();
  const seeds = Array.from({ length: STUDIES }, (_, i) => i + 1);
  const earlier = seeds.map((seed) => searched(digits, EARLIER_TRIALS, { seed, error: digits.partError }));
  return KINDS.map((kind) => {
    const regrets = seeds.map((seed, i) => regretsOf(digits, { kind, seed, earlier: earlier[i] ?? [] }));
    return { earlier: kind, studies: STUDIES, regrets: COSTS.map((_, k) => mean(regrets.map((each) => each[k] ?? 0))) };
  });
}

/** The errors of the digits, on all rows and on a part: those of the nearest recorded trial. */
interface Digits extends Pick<RecordedSet, "space"> {
  readonly minimum: number;
  error(values: ParameterValues): number;
  partError(values: ParameterValues): number;
}

function readDigits(): Digits {
  const { set, nearest } = recordedDigits();
  const { space, trials, validationRows } = set;
  const parts = new Map(readCurves(PART_FILE).map(({ trial, counts }) => [trial, Math.max(0, ...counts)]));
  return {
    space,
    minimum: Math.min(...trials.map(({ best }) => 1 - best)),
    error: (values) => 1 - nearest(values).best,
    partError: (values) => 1 - (parts.get(nearest(values).recorded.trial) ?? 0) / validationRows,
  };
}

interface Search {
  readonly seed: number;
  readonly error: (values: ParameterValues) => number;
  /** Results before the search. @default none */
  readonly earlier?: readonly Observation[];
  /** Share of the full budget behind the earlier results. @default 1 */
  readonly fidelity?: number;
}

/** Runs a search of some trials, one after the other, and returns their results. */
function searched({ space }: Digits, trials: number, search: Search): Observation[] {
  const { seed, error, earlier = [], fidelity = 1 } = search;
  const oracle = createOracle({ type: "bayesian", fidelity: "epochs" });
  const partial = fidelity < 1 ? { partial: earlier.map((result) => ({ ...result, fidelity })) } : {};
  const results: Observation[] = [];
  while (results.length < trials) {
    const completed = fidelity < 1 ? results : [...earlier, ...results];
    const history = { space, goal: "minimize", completed, infeasible: [], seed, ...partial } as const;
    const suggestion = oracle.suggest({ ...history, pending: [], trialNumber: results.length });
    if (suggestion === "exhausted") throw new Error("the oracle is exhausted");
    results.push({ values: suggestion.values, objective: error(suggestion.values) });
  }
  return results;
}

interface Kind {
  readonly kind: EarlierResults;
  readonly seed: number;
  readonly earlier: readonly Observation[];
}

/** Returns the regret of a study's best trial on all rows, once each of `COSTS` is spent. */
function regretsOf(digits: Digits, { kind, seed, earlier }: Kind): number[] {
  const spent = kind === "none" ? 0 : SHARE * EARLIER_TRIALS;
  const fidelity = kind === "by their fidelity" ? SHARE : 1;
  const given = kind === "none" ? {} : { earlier, fidelity };
  const results = searched(digits, Math.max(...COSTS) - spent, { seed, error: digits.error, ...given });
  return COSTS.map((cost) => {
    const errors = results.slice(0, cost - spent).map(({ objective }) => objective);
    return Math.min(...errors) - digits.minimum;
  });
}
