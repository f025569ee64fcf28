import type { Oracle } from "@sintonia/tuning/oracle/oracle";
import { FUNCTIONS, problemOf, type TestFunction } from "./functions.js";
import { type Quartiles, quantile, quartiles } from "./statistics.js";
import { type Record, runStudy } from "./study.js";

export interface RegretSettings {
  /** A name of `FUNCTIONS`. */
  readonly function: string;
  readonly parallel: number;
  readonly seeds: number;
  readonly firstSeed: number;
  readonly noise: number;
  readonly shift: boolean;
  /** Numbers of completed trials to report at, rising. */
  readonly counts: readonly number[];
}

export interface RegretAt {
  readonly trials: number;
  /** Of the best trial so far, over the studies. */
  readonly regret: Quartiles;
}

export interface RegretResult extends Omit<RegretSettings, "counts"> {
  readonly at: readonly RegretAt[];
  readonly secondsPerSuggestion: { readonly median: number; readonly p95: number };
}

/** Simple regret over studies with different seeds: how far the best trial so far is above the minimum. */
export function measureRegret(oracle: Oracle, { counts, ...settings }: RegretSettings): RegretResult {
  const testFunction = FUNCTIONS[settings.function] as TestFunction;
  const seeds = Array.from({ length: settings.seeds }, (_, i) => settings.firstSeed + i);
  const records = seeds.map((seed) => {
    const problem = problemOf(testFunction, settings.shift ? seed : undefined);
    return runStudy(oracle, problem, { ...settings, seed, trials: Math.max(...counts) });
  });
  const seconds = records.flatMap(({ suggestionMs }) => suggestionMs.map((ms) => ms / 1000));
  return {
    ...pick(settings),
    at: counts.map((trials) => ({ trials, regret: quartiles(records.map((record) => leastRegret(record, trials))) })),
    secondsPerSuggestion: { median: quantile(seconds, 0.5), p95: quantile(seconds, 0.95) },
  };
}

function leastRegret({ regrets }: Record, trials: number): number {
  return Math.min(...regrets.slice(0, trials));
}

/** The settings alone, whatever else the options carry. */
function pick({ function: name, parallel, seeds, firstSeed, noise, shift }: Omit<RegretSettings, "counts">) {
  return { function: name, parallel, seeds, firstSeed, noise, shift };
}
