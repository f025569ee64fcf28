import { DEFAULT_NAMES, type NatsNames } from "@sintonia/runtime/nats/names";
import {
  ErrorCode,
  type JetStreamClient,
  type JetStreamManager,
  type JsMsg,
  type LastForMsgRequest,
  type NatsConnection,
  NatsError,
  type StoredMsg,
  type StreamState,
} from "nats";
import {
  type AppendResult,
  RECORD_MAX_BYTES,
  type RecordPosition,
  RecordTooLargeError,
  type Revision,
  type StoredRecord,
  StoreUnavailableError,
  type StudyLog,
} from "../../ports/study-log.js";
import { BlockFill } from "./block-fill.js";
import { ReadAhead } from "./read-ahead.js";
import { BATCH_WAIT_MS, openReader } from "./reader.js";
import { available, found } from "./requests/availability.js";
import { WRONG_LAST_SEQUENCE } from "./requests/last-message.js";

/** JetStream's error code for a message that exceeds the limit of its stream. */
const MESSAGE_TOO_LARGE = 10054;

/** The header with a message's id. */
const MESSAGE_ID_HEADER = "Nats-Msg-Id";

/** Number of records that one request reads. */
const BATCH_RECORDS = 500;

/** Number of records that are erased at the same time. */
const ERASED_AT_ONCE = 64;

/** JetStream's error code for a message that has been deleted. */
const ALREADY_DELETED = 10043;

/** JetStream's error code for a message that the settings of its stream protect. */
const DELETE_REFUSED = 10057;

/** The records of a study from one revision to another. */
interface RecordRange {
  readonly studyId: string;
  readonly first: Revision;
  /** Revision of a record of the study. */
  readonly last: Revision;
}

/** A request for the first message of a subject at or after a sequence. */
interface NextMessageRequest {
  readonly seq: number;
  readonly next_by_subj: string;
}

/**
 * A StudyLog in the JetStream stream of events, one subject per study. A revision is the
 * record's sequence in the stream.
 *
 * The header `Nats-Expected-Last-Subject-Sequence` is the compare-and-swap, and `Nats-Msg-Id` is a
 * record's id. Servers differ on which header they check first (only 2.12 checks the sequence
 * first), and they forget ids after two minutes. After a refused append, the log therefore
 * compares the ids of the refused record and of the record after `after`.
 */
export class NatsStudyLog implements StudyLog {
  readonly #names: NatsNames;
  readonly #connection: NatsConnection;
  readonly #stream: JetStreamClient;
  readonly #manager: Promise<JetStreamManager>;
  readonly #fill: BlockFill;
  /** The records that the last list of the studies has read ahead. */
  #ahead = new ReadAhead();

  /**
   * @param connection - the caller closes it, and has created its streams with ensureStreams
   * @param timeoutMs - time limit of one answer of the server
   */
  constructor(connection: NatsConnection, names = DEFAULT_NAMES, timeoutMs = 5_000) {
    this.#names = names;
    this.#connection = connection;
    this.#stream = connection.jetstream({ timeout: timeoutMs });
    this.#manager = connection.jetstreamManager({ timeout: timeoutMs, checkAPI: false });
    this.#fill = new BlockFill(connection, names, timeoutMs);
  }

  /** Lists the studies, and reads short logs ahead: a start lists them, and then reads each. */
  async studies(): Promise<readonly string[]> {
    return await available("list the studies", async () => {
      const manager = await this.#manager;
      const { state } = await manager.streams.info(this.#names.events, { subjects_filter: this.#names.allEvents });
      await this.#readAhead(manager, state);
      return Object.keys(state.subjects ?? {})
        .filter((subject) => subject !== this.#names.fillSubject)
        .map((subject) => this.#names.studyIdOf(subject))
        .sort();
    });
  }

  async #readAhead(manager: JetStreamManager, state: StreamState): Promise<void> {
    const ahead = new ReadAhead();
    try {
      await ahead.read(this.#names, { client: this.#stream, manager }, state);
      this.#ahead = ahead;
    } catch {
      // Ignored: each log is then read on its own, and tells its fault.
      this.#ahead = new ReadAhead();
    }
  }

  async *read(studyId: string, from?: RecordPosition): AsyncIterable<StoredRecord> {
    const last = await this.last(studyId);
    const firstRevision = from?.revision ?? 1;
    if (last === undefined || last.revision < firstRevision) return;
    // A study that is over: its last record is all that is asked for, and is here already.
    if (last.revision === firstRevision) {
      yield last;
      return;
    }
    const ahead = this.#ahead.take(this.#names.eventsSubject(studyId), last.revision);
    if (ahead !== undefined) {
      yield* ahead.filter(({ revision }) => revision >= firstRevision);
      return;
    }
    const range = { studyId, first: firstRevision, last: last.revision };
    for await (const { seq: revision, data: body } of this.#messages(range)) yield { revision, body };
  }

  /** @param headersOnly - true for messages without their bodies */
  async *#messages({ studyId, first, last }: RecordRange, headersOnly = false): AsyncGenerator<JsMsg> {
    const what = `read study ${studyId}`;
    const subject = this.#names.eventsSubject(studyId);
    const range = { stream: this.#names.events, subject, first, headersOnly };
    const reader = await available(what, async () => openReader(this.#stream, await this.#manager, range));
    let delivered = 0;
    let revision = 0;
    while (revision < last) {
      const batch = await available(what, () => reader.fetch({ max_messages: BATCH_RECORDS, expires: BATCH_WAIT_MS }));
      const before = revision;
      for await (const message of batch) {
        delivered += 1;
        if (message.info.deliverySequence !== delivered)
          throw new StoreUnavailableError(`cannot ${what}: a record was lost in transit`);
        revision = message.seq;
        if (revision <= last) yield message;
        if (revision >= last) break;
      }
      // An existing reader answers at once. The server lost this one, for example in a restart.
      if (revision === before) throw new StoreUnavailableError(`cannot ${what}: NATS stopped answering`);
    }
    // Ignored: the server deletes an inactive reader.
    await reader.delete().catch(() => undefined);
  }

  async revision(studyId: string): Promise<number> {
    return (await this.last(studyId))?.revision ?? 0;
  }

  async last(studyId: string): Promise<StoredRecord | undefined> {
    const query = { last_by_subj: this.#names.eventsSubject(studyId) };
    const last = await available(`read study ${studyId}`, () => this.#find(query));
    return last && { revision: last.seq, body: last.data };
  }

  async erase(studyId: string, before: number): Promise<"erased" | "refused"> {
    const first = { seq: 1, next_by_subj: this.#names.eventsSubject(studyId) };
    const found = await available(`read study ${studyId}`, () => this.#find(first));
    if (found === undefined || found.seq >= before) return "erased";
    const range = { studyId, first: found.seq, last: await this.revision(studyId) };
    const revisions: number[] = [];
    for await (const { seq } of this.#messages(range, true)) if (seq < before) revisions.push(seq);
    for (let start = 0; start < revisions.length; start += ERASED_AT_ONCE) {
      const batch = revisions.slice(start, start + ERASED_AT_ONCE);
      const erased = await Promise.all(batch.map((revision) => this.#eraseOne(studyId, revision)));
      if (erased.includes(false)) return "refused";
    }
    return "erased";
  }

  /** Returns false if the settings of the stream protect the record. */
  async #eraseOne(studyId: string, revision: number): Promise<boolean> {
    return await available(`erase records of study ${studyId}`, async () => {
      try {
        const { streams } = await this.#manager;
        // Without overwriting the bytes: the server reuses or deletes their file when it is empty.
        return await streams.deleteMessage(this.#names.events, revision, false);
      } catch (error) {
        const code = error instanceof NatsError ? error.api_error?.err_code : undefined;
        if (code === ALREADY_DELETED) return true;
        if (code === DELETE_REFUSED) return false;
        throw error;
      }
    });
  }

  ensureReadable(): Promise<boolean> {
    return available("look whether NATS can read its records", () => this.#fill.ensureReadable());
  }

  async append(studyId: string, body: Uint8Array, position: { after: number; id: string }): Promise<AppendResult> {
    const subject = this.#names.eventsSubject(studyId);
    // JetStream's ids are unique within a stream, the port's within a study.
    const id = `${studyId}/${position.id}`;
    return await available(`append to study ${studyId}`, async () => {
      try {
        const expect = { streamName: this.#names.events, lastSubjectSequence: position.after };
        const { seq } = await this.#stream.publish(subject, body, { msgID: id, expect });
        return { kind: "appended", revision: seq };
      } catch (error) {
        if (!(error instanceof NatsError)) throw error;
        if (isTooLarge(error)) throw new RecordTooLargeError(studyId, body.length, this.#bytesMax());
        if (error.api_error?.err_code !== WRONG_LAST_SEQUENCE) throw error;
        const next = await this.#find({ seq: position.after + 1, next_by_subj: subject });
        if (next?.header.get(MESSAGE_ID_HEADER) === id) return { kind: "appended", revision: next.seq };
        const last = expectedLast(error);
        const isUnreadable = next === undefined && last > position.after;
        return isUnreadable ? { kind: "conflict", unreadable: last } : { kind: "conflict" };
      }
    });
  }

  /** Returns the limit of the server, above which it takes no record. */
  #bytesMax(): number {
    return Math.min(RECORD_MAX_BYTES, this.#connection.info?.max_payload ?? RECORD_MAX_BYTES);
  }

  async #find(query: LastForMsgRequest | NextMessageRequest): Promise<StoredMsg | undefined> {
    const { streams } = await this.#manager;
    // The client's type lacks NextMessageRequest, which servers answer from 2.9 on.
    return await found(streams.getMessage(this.#names.events, query as LastForMsgRequest));
  }
}

/** Reads the sequence that the server expects from its refusal: "wrong last sequence: 12". */
function expectedLast({ api_error: fault }: NatsError): number {
  return Number(/: (\d+)$/.exec(fault?.description ?? "")?.[1] ?? 0);
}

function isTooLarge(error: NatsError): boolean {
  return error.code === ErrorCode.MaxPayloadExceeded || error.api_error?.err_code === MESSAGE_TOO_LARGE;
}
