import { mean } from "@sintonia/tuning/numeric/vector";
import { signOf } from "@sintonia/tuning/objective/goal";
import { createOracle } from "@sintonia/tuning/oracle/registry";
import { rankTrials } from "@sintonia/tuning/selection/ranking";
import type { OracleName } from "@sintonia/tuning/spec/study-spec";
import { problemNamed } from "./problems/catalogue.js";
import type { Problem } from "./problems/definition/problem.js";
import { type Quartiles, quantile, quartiles } from "./statistics.js";
import { type EndedTrial, requestAfter, runStudy, type StudyRecord } from "./study.js";

export interface RegretSettings {
  readonly oracle: OracleName;
  /** Name of a problem in the catalogue. */
  readonly function: string;
  readonly parallel: number;
  readonly seeds: number;
  readonly firstSeed: number;
  readonly noise: number;
  readonly shift: boolean;
  /** Numbers of completed trials at which the regret is reported, increasing. */
  readonly counts: readonly number[];
  /**
   * True to report the regret of both selection rules.
   *
   * @default only that of the best posterior mean, for noisy problems
   */
  readonly choices?: true;
}

export interface RegretAt {
  readonly trials: number;
  /** Regret of the best trial, over the studies. */
  readonly regret: Quartiles;
  /** True regret of the trial with the best posterior mean, which a study would choose. */
  readonly recommended?: Quartiles;
  /** True regret of the trial with the best measured objective. */
  readonly measured?: Quartiles;
}

export interface RegretResult extends Omit<RegretSettings, "counts" | "choices"> {
  readonly at: readonly RegretAt[];
  /**
   * Trials of each 20 that ended without an objective, the mean over the studies.
   *
   * @default none
   */
  readonly lost?: readonly number[];
  /** Processor time in seconds. */
  readonly secondsPerSuggestion: { readonly median: number; readonly p95: number };
}

/**
 * Measures simple regret over studies with different seeds: the distance of the best trial from the
 * minimum.
 */
export function measureRegret({ counts, choices, ...settings }: RegretSettings): RegretResult {
  const oracle = createOracle({ type: settings.oracle });
  const seeds = Array.from({ length: settings.seeds }, (_, i) => settings.firstSeed + i);
  const studies = seeds.map((seed): Study => {
    const problem = problemNamed(settings.function, seed, settings.shift);
    return { seed, problem, record: runStudy(oracle, problem, { ...settings, seed, trials: Math.max(...counts) }) };
  });
  const isNoisy = settings.noise > 0 || studies.some(({ problem }) => problem.isNoisy);
  const seconds = studies.flatMap(({ record }) => record.suggestionMs.map((ms) => ms / 1000));
  return {
    ...pick(settings),
    at: counts.map((trials) => ({
      trials,
      regret: quartiles(studies.map((study) => leastRegret(study, trials))),
      ...((choices || isNoisy) && { recommended: quartiles(studies.map((study) => recommendedRegret(study, trials))) }),
      ...(choices && { measured: quartiles(studies.map((study) => measuredRegret(study, trials))) }),
    })),
    ...lostTrials(studies),
    secondsPerSuggestion: { median: quantile(seconds, 0.5), p95: quantile(seconds, 0.95) },
  };
}

interface Study {
  readonly seed: number;
  readonly problem: Problem;
  readonly record: StudyRecord;
}

function leastRegret({ record }: Study, trials: number): number {
  return Math.min(...record.ended.slice(0, trials).map(({ regret }) => regret));
}

function measuredRegret({ problem, record }: Study, trials: number): number {
  const sign = -signOf(problem.goal ?? "minimize");
  const objectiveOf = ({ outcome }: EndedTrial) => sign * (outcome.objective ?? Number.NaN);
  const ended = record.ended.slice(0, trials).filter(({ outcome }) => outcome.state === "completed");
  const [first, ...others] = ended;
  if (first === undefined) return Number.POSITIVE_INFINITY;
  return others.reduce((best, other) => (objectiveOf(other) < objectiveOf(best) ? other : best), first).regret;
}

function recommendedRegret({ seed, problem, record }: Study, trials: number): number {
  const ended = record.ended.slice(0, trials);
  const request = requestAfter(problem, ended, { seed, trialNumber: trials, pending: [] });
  const [chosen] = rankTrials(request, request.completed);
  return chosen === undefined ? Number.POSITIVE_INFINITY : problem.regret(chosen.values);
}

/** Trials of one count of lost trials. */
const LOST_BLOCK = 20;

function lostTrials(studies: readonly Study[]): Pick<RegretResult, "lost"> {
  const isLost = ({ outcome }: EndedTrial) => outcome.state !== "completed";
  const blocks = Math.ceil((studies[0]?.record.ended.length ?? 0) / LOST_BLOCK);
  const lost = Array.from({ length: blocks }, (_, i) =>
    mean(studies.map(({ record }) => record.ended.slice(i * LOST_BLOCK, (i + 1) * LOST_BLOCK).filter(isLost).length)),
  );
  return lost.some((count) => count > 0) ? { lost } : {};
}

/** Returns the settings that a result repeats. */
function pick(settings: Omit<RegretSettings, "counts" | "choices">): Omit<RegretSettings, "counts" | "choices"> {
  const { function: name, oracle, parallel, seeds, firstSeed, noise, shift } = settings;
  return { function: name, oracle, parallel, seeds, firstSeed, noise, shift };
}
