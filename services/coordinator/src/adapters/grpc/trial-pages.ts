// Splits trials into messages of bounded size. Ten thousand trials, or one trial with a hundred
// thousand epochs, would exceed the limit of a message and block the event loop.

import type { Trial as TrialMessage } from "@sintonia/proto/sintonia/v1/study";
import type { Study, Trial } from "../../core/state/study.js";
import { trialMessage } from "./study-messages.js";

/** Limits of a page. A page takes a few milliseconds to encode and less than two megabytes. */
const TRIALS_MAX = 500;
const MEASUREMENTS_MAX = 5_000;

/** A place in the measurements of a study's trials. */
export interface PagePosition {
  /** Index of the trial. */
  readonly trial: number;
  /** Index of the measurement within the trial; above 0 if the trial began on an earlier page. */
  readonly measurement: number;
}

/** A page of trials, in their order. */
interface TrialPage {
  readonly trials: TrialMessage[];
  /** Start of the next page; undefined on the last page. */
  readonly next: PagePosition | undefined;
}

/** Yields the pages of trials without their measurements; one empty page if there are no trials. */
export function* trialPages(study: Study, trials: readonly Trial[]): Generator<TrialPage> {
  for (let position: PagePosition | undefined = { trial: 0, measurement: 0 }; position !== undefined; ) {
    const page: TrialPage = trialPage(study, trials, position);
    yield page;
    position = page.next;
  }
}

/** Returns the page of trials without measurements that begins at a position. */
export function trialPage(study: Study, trials: readonly Trial[], { trial: start }: PagePosition): TrialPage {
  const end = Math.min(trials.length, start + TRIALS_MAX);
  return {
    trials: trials.slice(start, end).map((trial) => trialMessage(study, trial, false)),
    next: end < trials.length ? { trial: end, measurement: 0 } : undefined,
  };
}

/**
 * Returns the page of trials with measurements that begins at a position. A trial that has more
 * measurements than the page has room for continues on the next page.
 */
export function measuredPage(study: Study, trials: readonly Trial[], start: PagePosition): TrialPage {
  const page: TrialMessage[] = [];
  let room = MEASUREMENTS_MAX;
  let { trial: index, measurement: from } = start;
  for (; index < trials.length && page.length < TRIALS_MAX && room > 0; index++, from = 0) {
    const trial = trials[index] as Trial;
    const measurements = trial.measurements.slice(from, from + room).map((measurement) => ({ ...measurement }));
    page.push({ ...trialMessage(study, trial, false), measurements });
    room -= measurements.length;
    if (from + measurements.length < trial.measurements.length)
      return { trials: page, next: { trial: index, measurement: from + measurements.length } };
  }
  return { trials: page, next: index < trials.length ? { trial: index, measurement: 0 } : undefined };
}

/** Returns the token of a position: the index of the trial, and that of the measurement above 0. */
export function pageToken({ trial, measurement }: PagePosition): string {
  return measurement === 0 ? String(trial) : `${trial}:${measurement}`;
}

/** Reads the token of a position; an empty token is the start. Returns undefined for other text. */
export function positionOf(token: string): PagePosition | undefined {
  if (token === "") return { trial: 0, measurement: 0 };
  const [, trial, measurement = "0"] = /^(\d{1,9})(?::(\d{1,9}))?$/.exec(token) ?? [];
  return trial === undefined ? undefined : { trial: Number(trial), measurement: Number(measurement) };
}
