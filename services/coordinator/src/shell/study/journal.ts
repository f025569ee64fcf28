// The study log as a chain of records. Each record contains the digest of the record before it, so
// that the next start detects a gap, a rollback or a changed byte.

import { createHash } from "node:crypto";
import { retry } from "@sintonia/runtime/backoff";
import type { Clock, Timers } from "@sintonia/runtime/clock";
import type { Logger } from "@sintonia/runtime/logger";
import { OutageLog } from "@sintonia/runtime/outage";
import type { StudyEvent } from "../../core/state/event.js";
import { RECORD_MAX_BYTES, RecordTooLargeError, StoreUnavailableError, type StudyLog } from "../../ports/study-log.js";
import { type EventFault, eventFault, RECORD_VERSION, recordShape } from "./record-schema.js";
import { deletesStudy } from "./tombstone.js";

/** The end of a chain, on which the next record builds. */
export interface ChainHead {
  /** Revision of the last record in the store; 0 before the first record. */
  readonly revision: number;
  /** Number of records. */
  readonly sequence: number;
  /** SHA-256 of the last record in hexadecimal digits; empty before the first record. */
  readonly digest: string;
}

/** The head of a chain without records. */
export const EMPTY_CHAIN: ChainHead = { revision: 0, sequence: 0, digest: "" };

/** A stored step of a study. */
interface JournalRecord {
  readonly version: typeof RECORD_VERSION;
  readonly studyId: string;
  /** Wall time in milliseconds since 1970. */
  readonly at: number;
  readonly events: readonly StudyEvent[];
  /** Counted from 1. */
  readonly sequence: number;
  /** Digest of the record before; empty in the first record. */
  readonly previous: string;
}

/**
 * Another process has written to the study, so that this process's state of the study is outdated.
 */
export class AnotherWriterError extends Error {
  override readonly name = "AnotherWriterError";

  constructor(studyId: string) {
    super(`Another coordinator writes to study ${studyId}, so this one stops.`);
  }
}

/** A log that this coordinator cannot read. The study is set aside; all others go on. */
export class DamagedLogError extends Error {
  override readonly name = "DamagedLogError";
  /** What a person can do, in one line. */
  readonly advice: string;

  constructor(reason: string, advice: string = RESTORE, options?: ErrorOptions) {
    super(reason, options);
    this.advice = advice;
  }
}

const RESTORE =
  "Restore the NATS stream of events from a backup made before the damage, or create the study again under another id.";
const UPDATE = "Start the version of the coordinator that wrote it, or a later one.";

const RETRY_DELAY_MS = 100;
const RETRY_DELAY_MAX_MS = 5_000;

/** The circumstances of an append. */
interface AppendContext {
  readonly logger: Logger;
  readonly clock: Clock;
  readonly timers: Timers;
  /** Ends the retries when aborted. */
  readonly signal: AbortSignal;
  /** Receives the reason of each failed attempt, and undefined once the record is stored. */
  readonly onFault: (reason: string | undefined) => void;
}

/**
 * Appends one record. Retries until the record is stored or the signal is aborted.
 *
 * @throws {RecordTooLargeError} if the record exceeds the limit of the log; nothing is stored
 * @throws {AnotherWriterError} if the store holds a record that this process did not write or read
 * @throws the signal's reason if it is aborted; whether the record is stored is then unknown
 */
export async function appendRecord(
  log: StudyLog,
  head: ChainHead,
  step: { studyId: string; at: number; events: readonly StudyEvent[] },
  context: AppendContext,
): Promise<ChainHead> {
  const sequence = head.sequence + 1;
  const { studyId, at, events } = step;
  // The order of the fields is part of the form: tombstone.ts finds the last event by its place.
  const record: JournalRecord = { version: RECORD_VERSION, studyId, at, events, sequence, previous: head.digest };
  const body = Buffer.from(JSON.stringify(record));
  if (body.length > RECORD_MAX_BYTES) throw new RecordTooLargeError(step.studyId, body.length, RECORD_MAX_BYTES);
  const digest = digestOf(body);
  const outage = new OutageLog(context.logger, context.clock, {
    failing: "study log unavailable, retrying",
    over: "study log available again",
  });
  const result = await retry(() => log.append(step.studyId, body, { after: head.revision, id: digest }), {
    delayMs: RETRY_DELAY_MS,
    delayMaxMs: RETRY_DELAY_MAX_MS,
    signal: context.signal,
    timers: context.timers,
    isTransient: (error) => error instanceof StoreUnavailableError,
    onRetry: ({ message }) => {
      outage.fail({ studyId: step.studyId, reason: message });
      context.onFault(message);
    },
  });
  outage.succeed({ studyId: step.studyId });
  context.onFault(undefined);
  if (result.kind === "appended") return { revision: result.revision, sequence, digest };
  throw new AnotherWriterError(step.studyId);
}

/**
 * Appends a record that deletes a study whose log cannot be read.
 *
 * @returns the revision of the record
 * @throws {AnotherWriterError} if another record was stored at the same time
 * @throws {StoreUnavailableError}
 */
export async function appendTombstone(
  log: Pick<StudyLog, "revision" | "append">,
  studyId: string,
  at: number,
): Promise<number> {
  const events: readonly StudyEvent[] = [{ type: "study-deleted" }];
  const record: JournalRecord = { version: RECORD_VERSION, studyId, at, events, sequence: 1, previous: "" };
  const body = Buffer.from(JSON.stringify(record));
  const result = await log.append(studyId, body, { after: await log.revision(studyId), id: digestOf(body) });
  if (result.kind === "appended") return result.revision;
  throw new AnotherWriterError(studyId);
}

/**
 * Reads a study's records to the last one and checks the chain. After a record that deletes the
 * study, a chain begins anew.
 *
 * @param known - a record that was read before: the reading begins after it. @default none
 * @throws {DamagedLogError} at the first record that does not continue the chain, or if the log
 *   does not have the known one
 */
export async function* readRecords(
  log: Pick<StudyLog, "read">,
  studyId: string,
  known = EMPTY_CHAIN,
): AsyncGenerator<{ record: JournalRecord; head: ChainHead }> {
  let head = known;
  let isKnown = known.sequence === 0;
  for await (const { revision, body } of log.read(studyId, known.sequence === 0 ? undefined : known)) {
    if (!isKnown) {
      if (revision !== known.revision || digestOf(body) !== known.digest) break;
      isKnown = true;
      continue;
    }
    const record = parseRecord(studyId, head, body);
    const isDeletion = deletesStudy(record.events);
    head = isDeletion ? { ...EMPTY_CHAIN, revision } : { revision, sequence: record.sequence, digest: digestOf(body) };
    yield { record, head };
  }
  if (!isKnown) throw new DamagedLogError(`The log of study ${studyId} has another record ${known.sequence}, or none.`);
}

function parseRecord(studyId: string, head: ChainHead, body: Uint8Array): JournalRecord {
  const where = `Record ${head.sequence + 1} of study ${studyId}`;
  const content = parseJson(body, where);
  const record = recordShape.safeParse(content);
  if (!record.success) throw unreadable(where, content);
  const { sequence, previous, events, ...rest } = record.data;
  if (rest.studyId !== studyId) throw new DamagedLogError(`${where} belongs to another study.`);
  const follows = sequence === head.sequence + 1 && previous === head.digest;
  // The records before a deletion may have been erased.
  const isErased = deletesStudy(events) && (head.sequence === 0 || sequence > head.sequence + 1);
  if (!follows && !isErased) {
    throw new DamagedLogError(`${where} does not continue the chain: the log has a gap or was changed.`);
  }
  for (const event of events) refuseFaulty(where, eventFault(event));
  return { sequence, previous, ...rest, events: events as unknown as readonly StudyEvent[] };
}

function refuseFaulty(where: string, fault: EventFault | undefined): void {
  if (fault === undefined) return;
  const type = JSON.stringify(fault.type.slice(0, 80));
  if (fault.kind === "unknown-type") {
    throw new DamagedLogError(`${where} has an event of the unknown type ${type}.`, UPDATE);
  }
  throw new DamagedLogError(`${where} has an event ${type} whose field ${fault.field} is not valid.`);
}

function unreadable(where: string, content: unknown): DamagedLogError {
  const version = typeof content === "object" && content !== null && "version" in content ? content.version : undefined;
  if (Number.isSafeInteger(version) && (version as number) > RECORD_VERSION) {
    return new DamagedLogError(`${where} has version ${version}, this coordinator reads ${RECORD_VERSION}.`, UPDATE);
  }
  return new DamagedLogError(`${where} is not a study record.`);
}

function parseJson(body: Uint8Array, where: string): unknown {
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(body));
  } catch (error) {
    throw new DamagedLogError(`${where} is not JSON.`, RESTORE, { cause: error });
  }
}

function digestOf(body: Uint8Array): string {
  return createHash("sha256").update(body).digest("hex");
}
