// Failures of a study in a row, and the lost attempts of a trial.
//
// The oracle can avoid some failures: if trials complete elsewhere, failures in a row may be those
// of a region that the oracle just explores. One failure before the limit, the study asks for a
// point that almost certainly completes, and only the failure of such a trial ends it.

import { isOracleChoice } from "@sintonia/tuning/oracle/contract/suggestion";
import type { EventOf } from "./event.js";
import type { Losses, Study, Trial, TrialSource } from "./study.js";

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
/** The losses of a trial in its first attempt. */
export const NO_LOSSES: Losses = { counted: 0, furthest: 0, stalled: 0, suspects: [] };

/**
 * Tells whether the present attempt has trained: it has an epoch that no checkpoint covered at its
 * start.
 */
export function hasAdvanced({ measurements, resumedEpochs = 0 }: Trial): boolean {
  return measurements.length > resumedEpochs;
}

/**
 * Returns the losses of a trial after its present attempt was lost.
 *
 * @param event - the loss; absent `counted` means true
 */
export function lossesAfter(trial: Trial, event: EventOf<"trial-requeued">): Losses {
  const { losses, measurements } = trial;
  const isFurther = measurements.length > losses.furthest;
  return {
    ...losses,
    counted: losses.counted + (event.counted === false ? 0 : 1),
    furthest: Math.max(losses.furthest, measurements.length),
    stalled: isFurther ? 0 : losses.stalled + 1,
  };
}
