import { isUnderWay } from "@sintonia/page/store/study/state/states";
import type { Trial } from "@sintonia/proto/sintonia/v1/study";

/** Shortest silence that a table of trials mentions, in seconds. */
const SILENCE_MIN_SECONDS = 60;

/** Silence that a table mentions, relative to the time of the last epoch. */
const SILENCE_MIN_EPOCHS = 3;

/**
 * Returns the seconds since a trial under way last reported an epoch, or since its attempt began;
 * undefined for any other trial, and if the coordinator is of a version that does not say.
 */
export function silentSeconds(trial: Trial, now: Date): number | undefined {
  const { reportedAt, startedAt, latest } = trial;
  const since = reportedAt ?? (latest === undefined ? startedAt : undefined);
  if (!isUnderWay(trial) || since === undefined) return undefined;
  return Math.max(0, (now.getTime() - since.getTime()) / 1000);
}

/** Tells whether a trial has been silent for so long that its program may hang. */
export function isConspicuous(trial: Trial, seconds: number): boolean {
  return seconds >= Math.max(SILENCE_MIN_SECONDS, SILENCE_MIN_EPOCHS * (trial.latest?.seconds ?? 0));
}
