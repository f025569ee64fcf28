// How near the estimates of replayed studies are to their ends.

import type { TimedEstimate } from "./estimates.js";

/** The course of a replayed study. */
export interface Course {
  readonly estimates: readonly TimedEstimate[];
  /** Time of the whole study. */
  readonly seconds: number;
}

/** Shares of the estimates, from a third of the study's time on. */
export interface Accuracy {
  /** Within 25 % of the study's whole time. */
  readonly whole: number;
  /** Within 25 % of the time left itself. */
  readonly left: number;
  /** Within 25 % of the whole time, of a forecast that knows how long the other studies took. */
  readonly informed: number;
}

/** Largest error, as a share. */
const WITHIN = 0.25;
/** Part of a study's time from which on its estimates count. */
const FROM = 1 / 3;

/** Returns the accuracy of the estimates of studies that differ by chance alone. */
export function accuracyOf(courses: readonly Course[]): Accuracy {
  const moments = courses.flatMap((course) => {
    const others = courses.filter((other) => other !== course).map(({ seconds }) => seconds);
    return course.estimates
      .filter(({ at }) => at >= FROM * course.seconds && at < course.seconds)
      .map(({ at, left = Number.POSITIVE_INFINITY }) => {
        const truth = course.seconds - at;
        const informed = medianBeyond(others, at) - at;
        return { whole: course.seconds, truth, error: Math.abs(left - truth), informed: Math.abs(informed - truth) };
      });
  });
  type Moment = (typeof moments)[number];
  const share = (isNear: (moment: Moment) => boolean) => moments.filter(isNear).length / moments.length;
  return {
    whole: share(({ error, whole }) => error <= WITHIN * whole),
    left: share(({ error, truth }) => error <= WITHIN * truth),
    informed: share(({ informed, whole }) => informed <= WITHIN * whole),
  };
}

/** Returns the median of the values above a limit; the limit itself if there is none. */
function medianBeyond(values: readonly number[], limit: number): number {
  const beyond = values.filter((value) => value > limit).sort((a, b) => a - b);
  return beyond[Math.floor(beyond.length / 2)] ?? limit;
}
