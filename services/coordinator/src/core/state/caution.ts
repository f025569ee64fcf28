// Failures that the oracle can avoid. If trials complete elsewhere, failures in a row may be those
// of a region that the oracle just explores. One failure before the limit, the study asks for a
// point that almost certainly completes, and only the failure of such a trial ends it.

import { isOracleChoice } from "@sintonia/tuning/oracle/contract/suggestion";
import type { Study, TrialSource } from "./study.js";

/** Returns true if the oracle can tell where trials complete. */
export function canAvoidFailures({ spec, trials }: Study): boolean {
  const isLearning = spec.oracle.type === "bayesian" && spec.budget.maxConsecutiveFailures > 1;
  return isLearning && trials.some(({ state }) => state === "completed");
}

/** Returns true if the next suggestion must be a point that almost certainly completes. */
export function needsCaution(study: Study): boolean {
  return canAvoidFailures(study) && study.consecutiveFailures >= study.spec.budget.maxConsecutiveFailures - 1;
}

/** Returns true if a trial queued next is one that the oracle chose with caution. */
export function isCautiousTrial(study: Study, source: TrialSource): boolean {
  return source !== "replicate" && isOracleChoice(source) && needsCaution(study);
}
