// Splits trials into messages of bounded size. Ten thousand trials would exceed the limit of a
// message and block the event loop.

import type { Trial as TrialMessage } from "@sintonia/proto/sintonia/v1/study";
import type { Study, Trial } from "../../core/state/study.js";
import { trialMessage } from "./study-messages.js";

/**
 * Limits of a page. A page then takes a few milliseconds to encode and less than a megabyte,
 * unless a single trial has more measurements.
 */
const TRIALS_MAX = 500;
const MEASUREMENTS_MAX = 5_000;

/** A page of a study's trials, ordered by number. */
interface TrialPage {
  readonly trials: TrialMessage[];
  /** Index of the first trial of the next page; undefined on the last page. */
  readonly next: number | undefined;
}

/** Yields the pages of all trials; one empty page if there are no trials. */
export function* trialPages(study: Study, trials: readonly Trial[], withMeasurements: boolean): Generator<TrialPage> {
  for (let start: number | undefined = 0; start !== undefined; ) {
    const page: TrialPage = trialPage(study, trials, { start, withMeasurements });
    yield page;
    start = page.next;
  }
}

/** Returns the page that begins at an index. */
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
