// Splits trials into messages of bounded size. Ten thousand trials, or one trial with a hundred
// thousand epochs, would exceed the limit of a message and block the event loop.

import { Measurement as MeasurementMessage, Trial as TrialMessage } from "@sintonia/proto/sintonia/v1/study";
import type { Study, Trial } from "../../../core/state/study.js";
import type { Standing } from "../../../shell/studies.js";
import { trialMessage } from "../messages/study-messages.js";
import { itemLimit, pageFrom } from "../transfer/page.js";

/** Limits of a page, which then takes a few milliseconds to encode. */
const TRIALS_MAX = 500;
const MEASUREMENTS_MAX = 5_000;

/**
 * Bytes after which a page ends: half of a message. A trial without measurements is far below the
 * other half, and so is a measurement.
 */
const BYTES_MAX = 2 * 1024 * 1024;

/** Trials of a study, and what they wait for. */
export interface ListedTrials extends Pick<Standing, "trainers"> {
  readonly study: Study;
  readonly trials: readonly Trial[];
  /** Limit of the trials on a page. @default 500, the largest one */
  readonly pageSize?: number;
}

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
export function* trialPages(listed: ListedTrials): Generator<TrialPage> {
  for (let position: PagePosition | undefined = { trial: 0, measurement: 0 }; position !== undefined; ) {
    const page: TrialPage = trialPage(listed, position);
    yield page;
    position = page.next;
  }
}

/** Returns the page of trials without measurements that begins at a position. */
export function trialPage(listed: ListedTrials, { trial: start }: PagePosition): TrialPage {
  const { study, trials, trainers, pageSize } = listed;
  const { messages, end } = pageFrom(trials, start, {
    pageSize,
    itemsMax: TRIALS_MAX,
    bytesMax: BYTES_MAX,
    messageOf: (trial) => trialMessage(study, trial, trainers),
    bytesOf: trialBytes,
  });
  return { trials: messages, next: end < trials.length ? { trial: end, measurement: 0 } : undefined };
}

function trialBytes(message: TrialMessage): number {
  return TrialMessage.encode(message).finish().length;
}

/** Returns the measurements from an index on that have room. */
function roomyMeasurements({ measurements }: Trial, from: number, room: Room): MeasurementMessage[] {
  const fitting: MeasurementMessage[] = [];
  for (const measurement of measurements.slice(from, from + room.measurements)) {
    const message = { ...measurement, metrics: { ...measurement.metrics } };
    room.measurements -= 1;
    room.bytes -= MeasurementMessage.encode(message).finish().length;
    fitting.push(message);
    if (room.bytes <= 0) break;
  }
  return fitting;
}

/** What a page still has room for. */
interface Room {
  measurements: number;
  bytes: number;
}

/**
 * Returns the page of trials with measurements that begins at a position. A trial that has more
 * measurements than the page has room for continues on the next page.
 */
export function measuredPage(listed: ListedTrials, start: PagePosition): TrialPage {
  const { study, trials, trainers } = listed;
  const trialsMax = itemLimit({ pageSize: listed.pageSize, itemsMax: TRIALS_MAX });
  const page: TrialMessage[] = [];
  const room: Room = { measurements: MEASUREMENTS_MAX, bytes: BYTES_MAX };
  let { trial: index, measurement: from } = start;
  for (
    ;
    index < trials.length && page.length < trialsMax && room.measurements > 0 && room.bytes > 0;
    index++, from = 0
  ) {
    const trial = trials[index] as Trial;
    const message = trialMessage(study, trial, trainers);
    room.bytes -= trialBytes(message);
    const measurements = roomyMeasurements(trial, from, room);
    page.push({ ...message, measurements });
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
