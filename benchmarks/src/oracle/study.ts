// Simulated studies of a known problem, with sequential or parallel trials.

import type { Oracle } from "@sintonia/tuning/oracle/contract/oracle";
import type { SuggestionRequest } from "@sintonia/tuning/oracle/contract/suggestion";
import { createRandom, deriveSeed, type Random } from "@sintonia/tuning/random/random";
import type { ParameterValues } from "@sintonia/tuning/space/parameter";
import { cpuMs } from "./cpu-time.js";
import { type Outcome, outcomeOf, type Problem } from "./problems/definition/problem.js";

export interface Run {
  readonly seed: number;
  /** Number of ended trials after which the study ends. */
  readonly trials: number;
  /** Number of parallel trials. */
  readonly parallel: number;
  /** Standard deviation of the noise of one objective. */
  readonly noise: number;
}

export interface EndedTrial {
  readonly trialNumber: number;
  readonly values: ParameterValues;
  /** Result that the oracle receives. */
  readonly outcome: Outcome;
  /** Regret without noise; Infinity for a trial that did not complete. */
  readonly regret: number;
}

/** The course of a simulated study. */
export interface StudyRecord {
  /** Trials in the order in which they ended. */
  readonly ended: readonly EndedTrial[];
  /** Processor time of each call of the oracle, in milliseconds. */
  readonly suggestionMs: readonly number[];
}

interface RunningTrial {
  readonly trialNumber: number;
  readonly values: ParameterValues;
  readonly endsAt: number;
}

/** Standard deviation of the logarithm of a trial's duration. */
const DURATION_SPREAD = 0.5;

/**
 * Runs a study whose trials have log-normal durations. The oracle suggests the next trial when one
 * ends.
 */
export function runStudy(oracle: Oracle, problem: Problem, run: Run): StudyRecord {
  const durations = createRandom(deriveSeed(run.seed, "durations"));
  const noise = createRandom(deriveSeed(run.seed, "noise"));
  const ended: EndedTrial[] = [];
  const suggestionMs: number[] = [];
  let running: RunningTrial[] = [];
  for (let trialNumber = 0, now = 0; ended.length < run.trials; trialNumber++) {
    const pending = running.map(({ values }) => values);
    const request = requestAfter(problem, ended, { seed: run.seed, trialNumber, pending });
    const startMs = cpuMs();
    const suggestion = oracle.suggest(request);
    suggestionMs.push(cpuMs() - startMs);
    if (suggestion === "exhausted") throw new Error("the oracle has nothing left to suggest");
    const { values } = suggestion;
    running.push({ trialNumber, values, endsAt: now + duration(durations) });
    if (running.length < run.parallel) continue;
    const next = running.reduce((first, other) => (other.endsAt < first.endsAt ? other : first));
    running = running.filter((trial) => trial !== next);
    now = next.endsAt;
    ended.push(endTrial(problem, next, { sd: run.noise, random: noise }));
  }
  return { ended, suggestionMs };
}

/** Builds the request after ended trials, which it lists by number. */
export function requestAfter(
  { space, goal = "minimize", constraints = [] }: Problem,
  ended: readonly EndedTrial[],
  { seed, trialNumber, pending }: Pick<SuggestionRequest, "seed" | "trialNumber" | "pending">,
): SuggestionRequest {
  const trials = ended.toSorted((a, b) => a.trialNumber - b.trialNumber);
  const endedAs = (state: Outcome["state"]) => trials.filter(({ outcome }) => outcome.state === state);
  return {
    goal,
    space,
    constraints,
    completed: endedAs("completed").map(({ values, outcome }) => ({ values, objective: outcome.objective as number })),
    pending,
    infeasible: endedAs("infeasible").map(({ values }) => values),
    failed: endedAs("failed").map(({ values }) => values),
    pruned: endedAs("pruned").map(({ values, outcome: { objective } }) => ({
      values,
      ...(objective === undefined ? {} : { objective }),
    })),
    trialNumber,
    seed,
  };
}

interface Noise {
  readonly sd: number;
  readonly random: Random;
}

function endTrial(problem: Problem, { trialNumber, values }: RunningTrial, { sd, random }: Noise): EndedTrial {
  const { state, objective } = outcomeOf(problem, values, random);
  const isCompleted = state === "completed";
  const told = objective === undefined ? undefined : objective + sd * random.normal();
  return {
    trialNumber,
    values,
    outcome: told === undefined ? { state } : { state, objective: told },
    regret: isCompleted ? problem.regret(values) : Number.POSITIVE_INFINITY,
  };
}

function duration(random: Random): number {
  return Math.exp(DURATION_SPREAD * random.normal());
}
