// Trials in messages of bounded size: ten thousand trials are more than a message may have, and would hold up the event loop.

import type { Trial as TrialMessage } from "@sintonia/proto/sintonia/v1/study";
import type { Study, Trial } from "../../core/state/study.js";
import { trialMessage } from "./study-messages.js";

/** A message takes a few milliseconds to make and has less than a megabyte, unless a single trial has more measurements. */
const TRIALS_MAX = 500;
const MEASUREMENTS_MAX = 5_000;

/** Some trials of a study, by number. */
export interface TrialPage {
  readonly trials: TrialMessage[];
  /** Index of the first trial that does not fit any more; undefined if all do. */
  readonly next: number | undefined;
}

/** Pages of all the trials; one, if there are none. */
export function* trialPages(study: Study, trials: readonly Trial[], withMeasurements: boolean): Generator<TrialPage> {
  for (let start: number | undefined = 0; start !== undefined; ) {
    const page: TrialPage = trialPage(study, trials, { start, withMeasurements });
    yield page;
    start = page.next;
  }
}

/** The trials from an index on, as many as fit in a message. */
export function trialPage(
  study: Study,
  trials: readonly Trial[],
  { start, withMeasurements }: { readonly start: number; readonly withMeasurements: boolean },
): TrialPage {
  let [end, measurements] = [start, 0];
  while (end < trials.length && end - start < TRIALS_MAX) {
    if (withMeasurements) measurements += trials[end]?.measurements.length ?? 0;
    if (measurements > MEASUREMENTS_MAX && end > start) break;
    end++;
  }
  const page = trials.slice(start, end).map((trial) => trialMessage(study, trial, withMeasurements));
  return { trials: page, next: end < trials.length ? end : undefined };
}
