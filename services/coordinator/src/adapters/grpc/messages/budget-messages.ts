import { BudgetLimit, type BudgetUse } from "@sintonia/proto/sintonia/v1/study";
import type { SearchLimit } from "@sintonia/tuning/spec/study-spec";
import { limitOf, SEARCH_LIMITS } from "../../../core/budget/limits.js";
import { type StudyTimes, usedOf } from "../../../core/budget/used.js";
import type { Study } from "../../../core/state/study.js";

const LIMITS: Readonly<Record<SearchLimit, BudgetLimit>> = {
  maxTrials: BudgetLimit.TRIALS,
  maxEpochs: BudgetLimit.EPOCHS,
  maxSeconds: BudgetLimit.SECONDS,
  maxTrainerSeconds: BudgetLimit.TRAINER_SECONDS,
  minImprovement: BudgetLimit.IMPROVEMENT,
  maxGap: BudgetLimit.GAP,
};

/** Translates the use of each limit that a study has. */
export function budgetMessages(study: Study, times: StudyTimes): BudgetUse[] {
  return SEARCH_LIMITS.flatMap((limit) => {
    const max = limitOf(study, limit);
    return max === undefined ? [] : [{ limit: LIMITS[limit], max, used: usedOf(study, limit, times) }];
  });
}

/** Translates the limit that ended the search while trials were under way. */
export function spentLimitMessage({ spentLimit }: Study): BudgetLimit {
  return spentLimit === undefined ? BudgetLimit.UNSPECIFIED : LIMITS[spentLimit.limit];
}
