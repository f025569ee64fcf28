// The study log as a chain of records. Each record contains the digest of the record before it, so
// that the next start detects a gap, a rollback or a changed byte.

import { createHash } from "node:crypto";
import { retry } from "@sintonia/runtime/backoff";
import type { Clock } from "@sintonia/runtime/clock";
import type { Logger } from "@sintonia/runtime/logger";
import { OutageLog } from "@sintonia/runtime/outage";
import { z } from "zod";
import type { StudyEvent } from "../../core/state/event.js";
import { StoreUnavailableError, type StudyLog } from "../../ports/study-log.js";

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
  readonly version: 1;
  readonly studyId: string;
  /** Counted from 1. */
  readonly sequence: number;
  /** Digest of the record before; empty in the first record. */
  readonly previous: string;
  /** Wall time in milliseconds since 1970. */
  readonly at: number;
  readonly events: readonly StudyEvent[];
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

/** The stored log differs from the written one. */
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

/** The circumstances of an append. */
interface AppendContext {
  readonly logger: Logger;
  readonly clock: Clock;
  /** Ends the retries when aborted. */
  readonly signal: AbortSignal;
  /** Receives the reason of each failed attempt, and undefined once the record is stored. */
  readonly onFault: (reason: string | undefined) => void;
}

/**
 * Appends one record. Retries until the record is stored or the signal is aborted.
 *
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
  const record: JournalRecord = { version: 1, ...step, sequence, previous: head.digest };
  const body = Buffer.from(JSON.stringify(record));
  const digest = digestOf(body);
  const outage = new OutageLog(context.logger, context.clock, {
    failing: "study log unavailable, retrying",
    over: "study log available again",
  });
  const result = await retry(() => log.append(step.studyId, body, { after: head.revision, id: digest }), {
    delayMs: RETRY_DELAY_MS,
    delayMaxMs: RETRY_DELAY_MAX_MS,
    signal: context.signal,
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
 * Reads a study's records from the first to the last and checks the chain.
 *
 * @throws {DamagedLogError} at the first record that does not continue the chain
 */
export async function* readRecords(
  log: Pick<StudyLog, "read">,
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
    throw new DamagedLogError(`${where} does not continue the chain: the log has a gap or was changed.`);
  }
  return record.data;
}

function parseJson(body: Uint8Array, where: string): unknown {
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(body));
  } catch (error) {
    throw new DamagedLogError(`${where} is not JSON.`, { cause: error });
  }
}

function digestOf(body: Uint8Array): string {
  return createHash("sha256").update(body).digest("hex");
}
