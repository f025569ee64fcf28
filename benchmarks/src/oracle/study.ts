// A study as an oracle sees it: trials of a known function, one after the other or several at once.

import type { Observation, Oracle, SuggestionRequest } from "@sintonia/tuning/oracle/oracle";
import { createRandom, deriveSeed, type Random } from "@sintonia/tuning/random/random";
import type { ParameterValues } from "@sintonia/tuning/space/parameter";
import { cpuMs } from "./cpu-time.js";
import type { Problem } from "./functions.js";

export interface Run {
  readonly seed: number;
  /** Completed trials at which the study ends. */
  readonly trials: number;
  /** Trials under way at once. */
  readonly parallel: number;
  /** Standard deviation of the noise of one objective. */
  readonly noise: number;
}

export interface Record {
  /** Regret of the trials in the order in which they ended, without noise. */
  readonly regrets: readonly number[];
  /** Observations in the same order, as the oracle was told them. */
  readonly observations: readonly Observation[];
  /** Processor time of every call of the oracle. */
  readonly suggestionMs: readonly number[];
}

interface RunningTrial {
  readonly trialNumber: number;
  readonly values: ParameterValues;
  readonly endsAt: number;
}

interface EndedTrial {
  readonly trialNumber: number;
  readonly observation: Observation;
}

/** Standard deviation of the logarithm of a trial's duration. */
const DURATION_SPREAD = 0.5;

/**
 * Runs a study whose trials last log-normally long. Whenever one ends, the oracle is told and asked for the next.
 */
export function runStudy(oracle: Oracle, { space, regret }: Problem, run: Run): Record {
  const durations = createRandom(deriveSeed(run.seed, "durations"));
  const noise = createRandom(deriveSeed(run.seed, "noise"));
  const regrets: number[] = [];
  const ended: EndedTrial[] = [];
  const suggestionMs: number[] = [];
  let running: RunningTrial[] = [];
  for (let trialNumber = 0, now = 0; ended.length < run.trials; trialNumber++) {
    const pending = running.map(({ values }) => values);
    const request = requestOf({ space, seed: run.seed, trialNumber, completed: byNumber(ended), pending });
    const startMs = cpuMs();
    const suggestion = oracle(request);
    suggestionMs.push(cpuMs() - startMs);
    if (suggestion === "exhausted") throw new Error("the oracle has nothing left to suggest");
    const { values } = suggestion;
    running.push({ trialNumber, values, endsAt: now + duration(durations) });
    if (running.length < run.parallel) continue;
    const next = running.reduce((first, other) => (other.endsAt < first.endsAt ? other : first));
    running = running.filter((trial) => trial !== next);
    now = next.endsAt;
    const lost = regret(next.values);
    regrets.push(lost);
    const observation = { values: next.values, objective: lost + run.noise * noise.normal() };
    ended.push({ trialNumber: next.trialNumber, observation });
  }
  return { regrets, observations: ended.map(({ observation }) => observation), suggestionMs };
}

/** Observations in the order that a coordinator tells them in. */
function byNumber(ended: readonly EndedTrial[]): Observation[] {
  return ended.toSorted((a, b) => a.trialNumber - b.trialNumber).map(({ observation }) => observation);
}

function duration(random: Random): number {
  return Math.exp(DURATION_SPREAD * random.normal());
}

/** A request to minimise without infeasible trials. */
export function requestOf(parts: Omit<SuggestionRequest, "goal" | "infeasible">): SuggestionRequest {
  return { goal: "minimize", infeasible: [], ...parts };
}
