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

export interface TimeResult extends TimeSettings {
  readonly calls: number;
  /** Processor time of one suggestion. */
  readonly milliseconds: { readonly median: number; readonly p95: number; readonly longest: number };
}

/** Times suggestions of six parameters where random points have been observed, other ones at every call. */
export function measureTime(oracle: Oracle, settings: TimeSettings): TimeResult {
  for (let seed = 0; seed < WARM_UP; seed++)
    timeOne(oracle, { ...settings, observations: Math.min(100, settings.observations) }, 100 + seed);
  const times: number[] = [];
  let total = 0;
  for (let seed = 1; times.length < CALLS && total < 1000 * SECONDS_MAX; seed++) {
    const ms = timeOne(oracle, settings, seed);
    times.push(ms);
    total += ms;
  }
  const [median, p95, longest] = [0.5, 0.95, 1].map((share) => quantile(times, share)) as [number, number, number];
  return { ...settings, calls: times.length, milliseconds: { median, p95, longest } };
}

function timeOne(oracle: Oracle, { observations, pending }: TimeSettings, seed: number): number {
  const { space, regret } = problemOf(FUNCTION);
  const random = createRandom(seed);
  const completed = Array.from({ length: observations }, () => {
    const values = sampleValues(space, random);
    return { values, objective: regret(values) };
  });
  const others = Array.from({ length: pending }, () => sampleValues(space, random));
  const trialNumber = observations + pending;
  const request = { goal: "minimize", infeasible: [], space, seed, trialNumber, completed, pending: others } as const;
  const startMs = cpuMs();
  oracle(request);
  return cpuMs() - startMs;
}
