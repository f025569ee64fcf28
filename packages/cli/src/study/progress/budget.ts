// The limits of a study's search and their use, in the names of the spec.

import { BudgetLimit, type Study } from "@sintonia/proto/sintonia/v1/study";
import { BUDGET_TRIALS_MAX } from "@sintonia/tuning/spec/schema";
import type { SearchLimit } from "@sintonia/tuning/spec/study-spec";

/** The use of one limit. */
export interface LimitUse {
  readonly max: number;
  /** Of a limit of improvement, the latest estimate. Null before the first. */
  readonly used: number | null;
}

const NAMES: Readonly<Partial<Record<BudgetLimit, SearchLimit>>> = {
  [BudgetLimit.TRIALS]: "maxTrials",
  [BudgetLimit.EPOCHS]: "maxEpochs",
  [BudgetLimit.SECONDS]: "maxSeconds",
  [BudgetLimit.TRAINER_SECONDS]: "maxTrainerSeconds",
  [BudgetLimit.IMPROVEMENT]: "minImprovement",
  [BudgetLimit.GAP]: "maxGap",
};

/** Returns the name of a limit in a spec; undefined for none, and for one of a later version. */
export function limitName(limit: BudgetLimit): SearchLimit | undefined {
  return NAMES[limit];
}

/** Returns the use of each limit of a study by its name. Older coordinators send none. */
export function budgetUse({ budget }: Study): Readonly<Partial<Record<SearchLimit, LimitUse>>> {
  const named = budget.flatMap(({ limit, max, used }) => {
    const name = limitName(limit);
    return name === undefined ? [] : [[name, { max, used: used ?? null }] as const];
  });
  return Object.fromEntries(named);
}

/** Tells whether another limit than that of the trials is expected to end the search. */
export function isOpenEnded({ budget, maxTrials }: Study): boolean {
  return maxTrials === BUDGET_TRIALS_MAX && budget.length > 1;
}
