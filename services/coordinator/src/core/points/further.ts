import type { Study } from "../state/study.js";
import { waitingPoints } from "./enqueued.js";
import { unmadeTrials } from "./unmade.js";

/**
 * Returns how many more trials the search can begin: those of the budget, and without a further
 * suggestion those of enqueued points.
 */
export function furtherTrials(study: Study): number {
  return study.oracleExhausted === true ? waitingPoints(study) : unmadeTrials(study);
}
