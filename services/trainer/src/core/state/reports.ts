// The reports of a trial's epochs that the coordinator has not answered, in the order of the
// epochs. Training goes on while they wait.

import type { Measurement, TrialEpoch } from "@sintonia/protocol/measurement";

/** Number of reports that a trainer holds at most: epochs of 0.3 s during an outage of 5 min. */
export const REPORTS_MAX = 1_000;

/**
 * Size at which a trainer takes no further report, in characters of their JSON text. A report has
 * about 200, and few have more than 5,000.
 */
export const REPORTS_MAX_LENGTH = 8 * 2 ** 20;

/** The unanswered reports of a trial. */
export interface Reports {
  /** Oldest first. The first one is being sent. */
  readonly queue: readonly Measurement[];
  /** Length of the queue's JSON text. */
  readonly length: number;
  /** Monotonic time since which the first report waits for its answer. */
  readonly sentMs: number;
  /** True while the training process waits after an epoch. */
  readonly isTrainingHeld: boolean;
}

/** The reports of a trial that begins or resumes. */
export const NO_REPORTS: Reports = { queue: [], length: 0, sentMs: 0, isTrainingHeld: false };

/** Adds the report of an epoch, after which the training process waits. */
export function withReport(reports: Reports, measurement: Measurement, nowMs: number): Reports {
  const { queue, length, sentMs } = reports;
  return {
    queue: [...queue, measurement],
    length: length + lengthOf(measurement),
    sentMs: queue.length === 0 ? nowMs : sentMs,
    isTrainingHeld: true,
  };
}

/** Removes the first report, which is answered. The next one is sent at once. */
export function withoutFirst(reports: Reports, nowMs: number): Reports {
  const [first, ...queue] = reports.queue;
  if (first === undefined) return reports;
  return { ...reports, queue, length: reports.length - lengthOf(first), sentMs: nowMs };
}

/** Tells whether the trainer has room for another report. */
export function hasRoom({ queue, length }: Reports): boolean {
  return queue.length < REPORTS_MAX && length < REPORTS_MAX_LENGTH;
}

/** Tells whether the coordinator has answered every report up to an epoch. */
export function isAnswered({ queue }: Reports, { execution, epoch }: TrialEpoch): boolean {
  const [first] = queue;
  if (first === undefined) return true;
  return first.execution > execution || (first.execution === execution && first.epoch > epoch);
}

function lengthOf(measurement: Measurement): number {
  return JSON.stringify(measurement).length;
}
