import type { Oracle } from "@sintonia/tuning/oracle/oracle";
import { createRandom } from "@sintonia/tuning/random/random";
import { sampleValues } from "@sintonia/tuning/space/sampling";
import { cpuMs } from "./cpu-time.js";
import { FUNCTIONS, problemOf, type TestFunction } from "./functions.js";
import { quantile } from "./statistics.js";

/** Six parameters. */
const FUNCTION = FUNCTIONS["hartmann6"] as TestFunction;
/** Calls before the clock counts, for the compiler's sake. */
const WARM_UP = 10;
const CALLS = 40;
/** Where a call is slow, as many calls as fit into this much processor time. */
const SECONDS_MAX = 15;

export interface TimeSettings {
  readonly observations: number;
  /** Trials under way beside. */
  readonly pending: number;
}

interface Spread {
  readonly median: number;
  readonly p95: number;
  readonly longest: number;
}

export interface TimeResult extends TimeSettings {
  readonly calls: number;
  /** Processor time of one suggestion, of all threads of the process: those that compile and collect garbage too. */
  readonly milliseconds: Spread;
  /** The same by the clock. */
  readonly clockMilliseconds: Spread;
}

/** Times suggestions of six parameters where random points have been observed, other ones at every call. */
export function measureTime(oracle: Oracle, settings: TimeSettings): TimeResult {
  for (let seed = 0; seed < WARM_UP; seed++)
    timeOne(oracle, { ...settings, observations: Math.min(100, settings.observations) }, 100 + seed);
  const times: { readonly cpuMs: number; readonly clockMs: number }[] = [];
  let total = 0;
  for (let seed = 1; times.length < CALLS && total < 1000 * SECONDS_MAX; seed++) {
    const time = timeOne(oracle, settings, seed);
    times.push(time);
    total += time.cpuMs;
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

function timeOne(oracle: Oracle, { observations, pending }: TimeSettings, seed: number) {
  const { space, regret } = problemOf(FUNCTION);
  const random = createRandom(seed);
  const completed = Array.from({ length: observations }, () => {
    const values = sampleValues(space, random);
    return { values, objective: regret(values) };
  });
  const others = Array.from({ length: pending }, () => sampleValues(space, random));
  const trialNumber = observations + pending;
  const request = { goal: "minimize", infeasible: [], space, seed, trialNumber, completed, pending: others } as const;
  const [startMs, clockStartMs] = [cpuMs(), performance.now()];
  oracle(request);
  return { cpuMs: cpuMs() - startMs, clockMs: performance.now() - clockStartMs };
}
