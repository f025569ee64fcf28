import { isLeased, type Study } from "../state/study.js";
import type { Decision } from "./decision.js";
import { retryOrFail } from "./trial-end.js";

/**
 * Takes back every lease that was not renewed in time.
 *
 * @param deadlines - by trial, the monotonic time in milliseconds up to which its lease is valid
 */
export function expireLeases(study: Study, deadlines: ReadonlyMap<string, number>, monotonicMs: number): Decision {
  const expired = study.trials.filter((trial) => {
    const deadline = deadlines.get(trial.id);
    return isLeased(trial) && deadline !== undefined && deadline <= monotonicMs;
  });
  const events = expired.map((trial) => retryOrFail(study, trial, `trainer ${trial.lease?.trainerId} went silent.`));
  return { events, answer: { kind: "done" } };
}
