// The events of a study, from the records of its log.

import { recordShape } from "@sintonia/coordinator/shell/study/record-schema";
import type { AdminServiceClient } from "@sintonia/proto/sintonia/v1/admin";
import { UserError } from "@sintonia/runtime/errors";

/** An event of this version or of another one. */
export interface StoredEvent {
  readonly type: string;
  readonly trialId?: unknown;
}

/** An event, and when and in which record it was stored. */
export interface LoggedEvent {
  /** Wall time at the coordinator. */
  readonly at: Date;
  /** Number of the record in the study's log, from 1. The events of a record share it. */
  readonly record: number;
  /** The event as it is stored, without the secret of a lease. */
  readonly event: StoredEvent;
}

/** Limits the events that are read. */
export interface EventFilter {
  /** Only events that name this trial. */
  readonly trialId?: string | undefined;
  /** False to leave out the reports of epochs and the checkpoints, which are most of a log. */
  readonly withEpochs: boolean;
}

const OF_EPOCHS: ReadonlySet<string> = new Set(["epoch-reported", "checkpoint-saved"]);

/**
 * Reads the events of a study, oldest first.
 *
 * @throws {UserError} if a record is damaged; the events before it were yielded
 */
export async function* readEvents(
  client: Pick<AdminServiceClient, "readStudyLog">,
  studyId: string,
  { trialId, withEpochs }: EventFilter,
): AsyncGenerator<LoggedEvent> {
  const isWanted = (event: StoredEvent): boolean =>
    (withEpochs || !OF_EPOCHS.has(event.type)) && (trialId === undefined || event.trialId === trialId);
  let read = 0;
  for await (const { record: bytes } of client.readStudyLog({ studyId })) {
    read += 1;
    const { at, sequence, events } = parsed(bytes, { studyId, number: read });
    for (const event of events.filter(isWanted)) yield { at: new Date(at), record: sequence, event: open(event) };
  }
}

function parsed(bytes: Buffer, { studyId, number }: { readonly studyId: string; readonly number: number }) {
  const record = recordShape.safeParse(jsonOf(bytes));
  if (record.success) return record.data;
  throw new UserError(`record ${number} in the log of study ${studyId} is damaged; the coordinator's log says more`);
}

function jsonOf(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString("utf8"));
  } catch {
    return undefined;
  }
}

/** Returns an event without the secret that proves a lease. */
function open(event: StoredEvent): StoredEvent {
  const { secret: _, ...rest } = { secret: undefined, ...event };
  return rest;
}
