// A budget needs a limit of trials only where no other limit ends the search.

import { BUDGET_TRIALS_MAX, LIMIT_SCHEMAS } from "../schema.js";
import { isRecord } from "../template/references.js";

const LIMITS = Object.keys(LIMIT_SCHEMAS);

/** Fills in `budget.maxTrials` of a budget with another limit of the search. */
export function withTrialLimit(spec: unknown): unknown {
  if (!isRecord(spec) || !isRecord(spec["budget"])) return spec;
  const { budget } = spec;
  if (budget["maxTrials"] !== undefined || !LIMITS.some((limit) => Object.hasOwn(budget, limit))) return spec;
  return { ...spec, budget: { ...budget, maxTrials: BUDGET_TRIALS_MAX } };
}
