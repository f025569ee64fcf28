// A simulated study with several objectives: asks for trials, evaluates a problem, tells outcomes.

import { createRandom, deriveSeed } from "@sintonia/tuning/random/random";
import type { ParameterValues } from "@sintonia/tuning/space/parameter";
import type { FrontOutcome, FrontProblem } from "./problems/problem.js";

/** A sampler of one study. */
export interface Asker {
  ask(): Promise<{ readonly id: string; readonly values: ParameterValues }>;
  tell(id: string, outcome: FrontOutcome): Promise<void>;
  close(): void;
}

/** The seed and the size of a study. */
export interface FrontRun {
  readonly seed: number;
  /** Number of ended trials. */
  readonly trials: number;
  /** Number of trials under way at once. */
  readonly parallel: number;
}

/** The course of a study. */
export interface FrontRecord {
  /** Outcomes in the order in which trials ended. */
  readonly ended: readonly FrontOutcome[];
  /** Wall time of all suggestions, in seconds. */
  readonly seconds: number;
}

/** Standard deviation of the logarithm of a trial's duration. */
const DURATION_SPREAD = 0.5;

/** Runs a study whose trials have log-normal durations; the next trial starts when one ends. */
export async function runFront(asker: Asker, problem: FrontProblem, run: FrontRun): Promise<FrontRecord> {
  const random = createRandom(deriveSeed(run.seed, "durations"));
  const ended: FrontOutcome[] = [];
  let running: { readonly id: string; readonly values: ParameterValues; readonly endsAt: number }[] = [];
  let seconds = 0;
  for (let now = 0; ended.length < run.trials; ) {
    const start = performance.now();
    const asked = await asker.ask();
    seconds += (performance.now() - start) / 1000;
    running.push({ ...asked, endsAt: now + Math.exp(DURATION_SPREAD * random.normal()) });
    if (running.length < run.parallel) continue;
    const next = running.reduce((first, other) => (other.endsAt < first.endsAt ? other : first));
    running = running.filter((trial) => trial !== next);
    now = next.endsAt;
    const outcome = problem.evaluate(next.values);
    ended.push(outcome);
    await asker.tell(next.id, outcome);
  }
  return { ended, seconds };
}
