// The study log as a chain of records: each names the digest of the one before, so that a gap, a rollback or a changed
// byte is noticed at the next start instead of being replayed as truth.

import { createHash } from "node:crypto";
import { retry } from "@sintonia/runtime/backoff";
import type { Logger } from "@sintonia/runtime/logger";
import { z } from "zod";
import type { StudyEvent } from "../../core/state/event.js";
import { StoreUnavailableError, type StudyLog } from "../../ports/study-log.js";

/** End of a chain: what the next record is built on. */
export interface ChainHead {
  /** Revision that the store gave the last record; 0 before the first. */
  readonly revision: number;
  /** Number of records. */
  readonly sequence: number;
  /** SHA-256 of the last record, hexadecimal; empty before the first. */
  readonly digest: string;
}

export const EMPTY_CHAIN: ChainHead = { revision: 0, sequence: 0, digest: "" };

/** One stored step of a study. */
export interface JournalRecord {
  readonly version: 1;
  readonly studyId: string;
  /** From 1. */
  readonly sequence: number;
  /** Digest of the record before; empty for the first. */
  readonly previous: string;
  /** Wall time in milliseconds since 1970. */
  readonly at: number;
  readonly events: readonly StudyEvent[];
}

/** Another process has written to the study: this one no longer knows the truth. */
export class AnotherWriterError extends Error {
  override readonly name = "AnotherWriterError";

  constructor(studyId: string) {
    super(`Another coordinator writes to study ${studyId}; this one stops.`);
  }
}

/** The stored log is not what was written. */
export class DamagedLogError extends Error {
  override readonly name = "DamagedLogError";
}

const RETRY_DELAY_MS = 100;
const RETRY_DELAY_MAX_MS = 5_000;

const recordShape = z.object({
  version: z.literal(1),
  studyId: z.string(),
  sequence: z.int().positive(),
  previous: z.string(),
  at: z.number(),
  events: z.array(z.custom<StudyEvent>((event) => typeof event === "object" && event !== null && "type" in event)),
});

/**
 * Appends one record and waits until it is stored, for as long as the store is away.
 *
 * @throws {AnotherWriterError} if the store holds a record this process has not seen
 * @throws the signal's reason, if it is aborted; the record may or may not be stored then
 */
export async function appendRecord(
  log: StudyLog,
  head: ChainHead,
  step: { studyId: string; at: number; events: readonly StudyEvent[] },
  context: { logger: Logger; signal: AbortSignal },
): Promise<ChainHead> {
  const sequence = head.sequence + 1;
  const record: JournalRecord = { version: 1, ...step, sequence, previous: head.digest };
  const body = Buffer.from(JSON.stringify(record));
  const digest = digestOf(body);
  const result = await retry(() => log.append(step.studyId, body, { after: head.revision, id: digest }), {
    delayMs: RETRY_DELAY_MS,
    delayMaxMs: RETRY_DELAY_MAX_MS,
    signal: context.signal,
    isTransient: (error) => error instanceof StoreUnavailableError,
    onRetry: ({ message }) =>
      context.logger.warn({ studyId: step.studyId, reason: message }, "study log unavailable, retrying"),
  });
  if (result.kind === "appended") return { revision: result.revision, sequence, digest };
  throw new AnotherWriterError(step.studyId);
}

/**
 * Reads a study's records from the first to the last, checking the chain.
 *
 * @throws {DamagedLogError} at the first record that does not follow on the one before
 */
export async function* readRecords(
  log: StudyLog,
  studyId: string,
): AsyncGenerator<{ record: JournalRecord; head: ChainHead }> {
  let head = EMPTY_CHAIN;
  for await (const { revision, body } of log.read(studyId)) {
    const record = parseRecord(studyId, head, body);
    head = { revision, sequence: record.sequence, digest: digestOf(body) };
    yield { record, head };
  }
}

function parseRecord(studyId: string, head: ChainHead, body: Uint8Array): JournalRecord {
  const where = `Record ${head.sequence + 1} of study ${studyId}`;
  const record = recordShape.safeParse(parseJson(body, where));
  if (!record.success) throw new DamagedLogError(`${where} is not a study record.`);
  const { sequence, previous } = record.data;
  if (record.data.studyId !== studyId) throw new DamagedLogError(`${where} belongs to ${record.data.studyId}.`);
  if (sequence !== head.sequence + 1 || previous !== head.digest) {
    throw new DamagedLogError(`${where} does not follow on the record before: the log has a gap or was changed.`);
  }
  return record.data;
}

function parseJson(body: Uint8Array, where: string): unknown {
  try {
    return JSON.parse(Buffer.from(body).toString("utf8"));
  } catch (error) {
    throw new DamagedLogError(`${where} is not JSON.`, { cause: error });
  }
}

function digestOf(body: Uint8Array): string {
  return createHash("sha256").update(body).digest("hex");
}
