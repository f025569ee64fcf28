import type { SearchLimit } from "@sintonia/tuning/spec/study-spec";
import { searchTrials } from "../query/replicates.js";
import { leaseMs } from "../spending/lease-time.js";
import type { Study } from "../state/study.js";

/** The times of a study at an instant. */
export interface StudyTimes {
  /** Active time of the study in milliseconds; see `activeMs`. */
  readonly activeMs: number;
  /** Wall time in milliseconds since 1970. */
  readonly wallMs: number;
}

/**
 * Returns what a study has spent of a limit, in the limit's unit, or what the oracle expects at
 * present; undefined before the first outlook.
 */
export function usedOf(study: Study, limit: SearchLimit, { activeMs, wallMs }: StudyTimes): number | undefined {
  switch (limit) {
    case "maxTrials":
      return searchTrials(study).length;
    case "maxEpochs":
      return study.epochsSpent;
    case "maxSeconds":
      return activeMs / 1000;
    case "maxTrainerSeconds":
      return searchTrials(study).reduce((sum, trial) => sum + leaseMs(trial, wallMs), study.leasedMs) / 1000;
    case "minImprovement":
      return study.outlook?.expectedImprovement;
    case "maxGap":
      return study.outlook?.gap;
  }
}
