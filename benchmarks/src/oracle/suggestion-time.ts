import type { Observation } from "@sintonia/tuning/objective/observation";
import type { Oracle } from "@sintonia/tuning/oracle/contract/oracle";
import type { SuggestionRequest } from "@sintonia/tuning/oracle/contract/suggestion";
import { createRandom, type Random } from "@sintonia/tuning/random/random";
import type { ParameterValues } from "@sintonia/tuning/space/parameter";
import { sampleValues } from "@sintonia/tuning/space/sampling/sampling";
import { cpuMs } from "./cpu-time.js";
import { problemOf, type TestFunction } from "./problems/definition/test-function.js";
import { FUNCTIONS } from "./problems/functions/functions.js";
import { quantile } from "./statistics.js";

/** A function of six parameters. */
const FUNCTION = FUNCTIONS["hartmann6"] as TestFunction;
/** Unmeasured calls before the first measured one, in which V8 compiles the code. */
const WARM_UP = 10;
const CALLS = 40;
/** Upper limit of the processor time in seconds. With slow calls it reduces their number. */
const SECONDS_MAX = 15;
/**
 * Upper limit of trials that the oracle suggests before the first measured call; earlier trials are
 * random.
 */
const LED = 100;
/** Number of measured calls of each study. */
const CALLS_PER_STUDY = 10;

export interface TimeSettings {
  readonly observations: number;
  /** Number of pending trials. */
  readonly pending: number;
  /**
   * True if the oracle suggested the observations, which then cluster as in a study; false for
   * random points.
   */
  readonly led: boolean;
}

interface Spread {
  readonly median: number;
  readonly p95: number;
  readonly longest: number;
}

export interface TimeResult extends TimeSettings {
  readonly calls: number;
  /**
   * Processor time of one suggestion in ms, over all threads of the process, with compilation and
   * garbage collection.
   */
  readonly milliseconds: Spread;
  /** Wall time of one suggestion in ms. */
  readonly clockMilliseconds: Spread;
}

interface Call {
  readonly cpuMs: number;
  readonly clockMs: number;
}

/**
 * Measures the time of suggestions for six parameters: in studies that differ between calls, or
 * (`led`) in studies that continue with the oracle's own trials.
 */
export function measureTime(oracle: Oracle, settings: TimeSettings): TimeResult {
  const warmUp = { ...settings, observations: Math.min(100, settings.observations) };
  for (let seed = 0; seed < WARM_UP; seed++) timeOne(oracle, warmUp, 100 + seed);
  const times: Call[] = [];
  let total = 0;
  for (const time of settings.led ? ledCalls(oracle, settings) : randomCalls(oracle, settings)) {
    times.push(time);
    total += time.cpuMs;
    if (times.length === CALLS || total >= 1000 * SECONDS_MAX) break;
  }
  return {
    ...settings,
    calls: times.length,
    milliseconds: spreadOf(times.map((time) => time.cpuMs)),
    clockMilliseconds: spreadOf(times.map((time) => time.clockMs)),
  };
}

function spreadOf(sample: readonly number[]): Spread {
  return { median: quantile(sample, 0.5), p95: quantile(sample, 0.95), longest: quantile(sample, 1) };
}

function* randomCalls(oracle: Oracle, settings: TimeSettings): Generator<Call> {
  for (let seed = 1; ; seed++) yield timeOne(oracle, settings, seed);
}

function* ledCalls(oracle: Oracle, settings: TimeSettings): Generator<Call> {
  for (let seed = 1; ; seed++) yield* studyCalls(oracle, settings, seed);
}

/** Yields the calls of a study from the given number of observations on. */
function* studyCalls(oracle: Oracle, { observations, pending }: TimeSettings, seed: number): Generator<Call> {
  const { regret } = problemOf(FUNCTION);
  const random = createRandom(seed);
  const completed = randomTrials(Math.max(0, observations - LED), random);
  while (completed.length < observations + CALLS_PER_STUDY) {
    const request = requestOf(completed, randomTrials(pending, random), seed);
    const { values, ...call } = timed(oracle, request);
    if (completed.length >= observations) yield call;
    completed.push({ values, objective: regret(values) });
  }
}

function timeOne(oracle: Oracle, { observations, pending }: TimeSettings, seed: number): Call {
  const random = createRandom(seed);
  return timed(oracle, requestOf(randomTrials(observations, random), randomTrials(pending, random), seed));
}

function randomTrials(count: number, random: Random) {
  const { space, regret } = problemOf(FUNCTION);
  return Array.from({ length: count }, () => {
    const values = sampleValues(space, random);
    return { values, objective: regret(values) };
  });
}

function requestOf(completed: readonly Observation[], pending: readonly Observation[], seed: number) {
  const { space } = problemOf(FUNCTION);
  const trialNumber = completed.length + pending.length;
  const others = pending.map(({ values }) => values);
  return { goal: "minimize", infeasible: [], space, seed, trialNumber, completed, pending: others } as const;
}

function timed(oracle: Oracle, request: SuggestionRequest): Call & { readonly values: ParameterValues } {
  const [startMs, clockStartMs] = [cpuMs(), performance.now()];
  const suggestion = oracle.suggest(request);
  const call = { cpuMs: cpuMs() - startMs, clockMs: performance.now() - clockStartMs };
  if (suggestion === "exhausted") throw new Error("a space of doubles has always another point");
  return { ...call, values: suggestion.values };
}
