// Searches of known functions with the outlook of each suggestion, and the ends that limits of
// improvement would give them.

import type { Outlook, SuggestionRequest } from "@sintonia/tuning/oracle/contract/suggestion";
import { createOracle } from "@sintonia/tuning/oracle/registry";
import { rankTrials } from "@sintonia/tuning/selection/ranking";
import { problemNamed } from "../problems/catalogue.js";
import { runStudy } from "../study.js";

/** The limits of improvement, each with the field of the outlook that it bounds. */
export const LIMITS = { minImprovement: "expectedImprovement", maxGap: "gap" } as const satisfies Record<
  string,
  keyof Outlook
>;

/** The name of a limit of improvement. */
export type LimitName = keyof typeof LIMITS;

/** What is known when a suggestion is made. */
export interface Prospect {
  /** Completed trials. */
  readonly trials: number;
  readonly outlook: Outlook;
  /** True regret of the trial that the study would choose. */
  readonly regret: number;
}

/** A function and the seed of one search of it. */
export interface Search {
  readonly function: string;
  readonly seed: number;
  /** Trials of the search. */
  readonly trials: number;
}

/** Returns the prospects of a sequential search from the first outlook on, in order. */
export function prospectsOf({ function: name, seed, trials }: Search): readonly Prospect[] {
  const problem = problemNamed(name, seed, true);
  const oracle = createOracle({ type: "bayesian" });
  const prospects: Prospect[] = [];
  const suggest = (request: SuggestionRequest) => {
    const suggestion = oracle.suggest({ ...request, wantsOutlook: true });
    const outlook = suggestion === "exhausted" ? undefined : suggestion.outlook;
    const [chosen] = outlook === undefined ? [] : rankTrials(request, request.completed);
    if (outlook !== undefined && chosen !== undefined) {
      prospects.push({ trials: request.completed.length, outlook, regret: problem.regret(chosen.values) });
    }
    return suggestion;
  };
  runStudy({ ...oracle, suggest }, problem, { seed, trials, parallel: 1, noise: 0 });
  return prospects;
}

/** A limit of improvement, and the outlooks in a row below it that end a search. */
export interface Rule {
  readonly limit: LimitName;
  readonly value: number;
  readonly run: number;
}

/** Returns the prospect at which a rule ends a search; undefined if it never does. */
export function endOf(prospects: readonly Prospect[], { limit, value, run }: Rule): Prospect | undefined {
  let below = 0;
  return prospects.find(({ outlook }) => {
    below = outlook[LIMITS[limit]] < value ? below + 1 : 0;
    return below >= run;
  });
}
