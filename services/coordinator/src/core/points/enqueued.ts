// The enqueued points: values whose trials come before those of the oracle. The points of the spec
// are first, then those that persons added, in the order of the calls.

import type { ParameterValues } from "@sintonia/tuning/space/parameter";
import { enqueuedValues } from "@sintonia/tuning/spec/given-trials";
import { type EnqueuedPoint, type Study, trialIdOf } from "../state/study.js";

/** Returns the number of enqueued points, with and without trials. */
export function pointCount({ spec, enqueued = [] }: Study): number {
  return (spec.enqueue ?? []).length + enqueued.length;
}

/** Returns the number of enqueued points that have no trial yet. */
export function waitingPoints(study: Study): number {
  const count = pointCount(study);
  return count === 0 ? 0 : count - enqueuedTrials(study).length;
}

/**
 * Returns an enqueued point that has no trial yet.
 *
 * @param ahead - number of waiting points before it
 * @returns undefined if no such point waits
 */
export function waitingPoint(study: Study, ahead = 0): EnqueuedPoint | undefined {
  const { spec, enqueued = [] } = study;
  const place = enqueuedTrials(study).length + ahead;
  const added = enqueued[place - (spec.enqueue ?? []).length];
  if (added !== undefined) return added;
  const values: ParameterValues | undefined = enqueuedValues(spec, place);
  return values === undefined ? undefined : { values };
}

/** Returns the id of the trial that an enqueued point has, or will have. */
export function trialIdOfPoint(study: Study, place: number): string {
  const made = enqueuedTrials(study);
  return made[place]?.id ?? trialIdOf(study.trials.length + place - made.length, study);
}

function enqueuedTrials({ trials }: Study) {
  return trials.filter(({ source }) => source === "enqueued");
}
