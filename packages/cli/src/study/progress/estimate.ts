import { secondsLeft } from "@sintonia/page/store/study/time-left";
import type { Study } from "@sintonia/proto/sintonia/v1/study";
import type { StudyProgress } from "./progress.js";

/** Estimates the remaining time of a study in seconds, as the live page does; see `secondsLeft`. */
export function estimateSecondsLeft(progress: StudyProgress): number | undefined {
  return secondsLeft(progress);
}

/**
 * Returns the seconds that a study has worked, without the time in which no coordinator ran.
 *
 * @param at - present time; used only if the coordinator does not count the seconds
 */
export function studySeconds({ activeSeconds, createdAt, endedAt }: Study, at?: Date): number | undefined {
  if (activeSeconds > 0) return activeSeconds;
  const end = endedAt ?? at;
  if (createdAt === undefined || end === undefined) return undefined;
  return Math.max(0, (end.getTime() - createdAt.getTime()) / 1000);
}
