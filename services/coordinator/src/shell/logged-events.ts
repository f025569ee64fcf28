// The events of a study's log for persons, in pages. Nearly all records of a long log are reports
// of epochs: a record without a wanted event is passed over without reading its JSON.

import { setImmediate } from "node:timers/promises";
import type { RecordPosition, StoredRecord } from "../ports/study-log.js";
import type { Studies } from "./studies.js";
import { DamagedLogError } from "./study/journal.js";
import { recordShape } from "./study/record-schema.js";
import { deletesStudy } from "./study/tombstone.js";

/** An event as the log has it, without the secret of a lease. */
export interface LoggedEvent {
  /** Number of the record that has the event, from 1. */
  readonly sequence: number;
  /** Wall time in milliseconds since 1970. */
  readonly at: number;
  /** Later versions may have further types. */
  readonly event: { readonly type: string; readonly trialId?: unknown };
}

/** The wanted events. */
export interface EventQuery {
  /** Number of the record after which the events begin; 0 for all events. */
  readonly after: number;
  /** Number of events after which a page ends, with a whole record. */
  readonly limit: number;
  /** Id of the trial that the events name. @default events of the study and of all trials */
  readonly trialId?: string | undefined;
  /** True for the reports of epochs and the checkpoints too. */
  readonly withEpochs: boolean;
}

/** A page of events, oldest first. */
export interface EventPage {
  readonly events: readonly LoggedEvent[];
  /** Number of the last record that was read. */
  readonly last: number;
  /** True if the log had further records. */
  readonly more: boolean;
}

/** Bytes of events after which a page ends. A record has at most one megabyte, a message four. */
const PAGE_BYTES_MAX = 2_000_000;

/** Records after whose reading a page ends, although it may have no event: some seconds of work. */
const PAGE_RECORDS_MAX = 50_000;

/** Bytes of records after which other work of the process has its turn: 2 ms of work. */
const TURN_BYTES = 256 * 1024;

/** Limit of the remembered ends of pages. */
const PLACES_MAX = 1_000;

/** The events of epochs, which only some readers want. */
const OF_EPOCHS: ReadonlySet<string> = new Set(["epoch-reported", "checkpoint-saved"]);

/** An event of another type than those of epochs, in the JSON of a record. */
const OTHER_EVENT = /"type"\s*:\s*"(?!epoch-reported"|checkpoint-saved")/;

/** Reads the events of studies. Remembers where pages ended, so that the next ones begin there. */
export class LoggedEvents {
  readonly #studies: Pick<Studies, "records">;
  /** Positions of the last records of pages by study and number of the record, oldest first. */
  readonly #places = new Map<string, RecordPosition>();

  constructor(studies: Pick<Studies, "records">) {
    this.#studies = studies;
  }

  /**
   * Returns a page of events.
   *
   * @throws {DamagedLogError} at a record that cannot be read
   * @throws {StoreUnavailableError}
   */
  async page(studyId: string, query: EventQuery): Promise<EventPage> {
    const known = this.#places.get(placeOf(studyId, query.after));
    const page = (known && (await this.#read(studyId, query, known))) ?? (await this.#read(studyId, query));
    if (page === undefined) throw new DamagedLogError(`The log of study ${studyId} cannot be read.`);
    return page;
  }

  /** Reads a page; undefined if the log does not have the known record. */
  async #read(studyId: string, query: EventQuery, known?: RecordPosition): Promise<EventPage | undefined> {
    const reading = new PageReading(studyId, query, known);
    let [more, turnBytes] = [false, 0];
    for await (const record of this.#studies.records(studyId, known)) {
      if (reading.isFull) {
        more = true;
        break;
      }
      if (!reading.take(record)) return undefined;
      turnBytes += record.body.length;
      if (turnBytes < TURN_BYTES) continue;
      turnBytes = 0;
      await setImmediate();
    }
    if (known !== undefined && reading.last === undefined) return undefined;
    if (reading.last !== undefined) this.#remember(studyId, reading.last);
    return { events: reading.events, last: reading.last?.sequence ?? 0, more };
  }

  #remember(studyId: string, place: RecordPosition): void {
    const key = placeOf(studyId, place.sequence);
    this.#places.delete(key);
    this.#places.set(key, place);
    const [oldest] = this.#places.keys();
    if (this.#places.size > PLACES_MAX && oldest !== undefined) this.#places.delete(oldest);
  }
}

function placeOf(studyId: string, sequence: number): string {
  return `${studyId} ${sequence}`;
}

/** The reading of one page, record by record. */
class PageReading {
  readonly #studyId: string;
  readonly #query: EventQuery;
  /** The record with which the reading begins, until it was read. */
  #awaited: RecordPosition | undefined;
  readonly #isWanted: (event: LoggedEvent["event"]) => boolean;
  #read = 0;
  #bytes = 0;
  events: LoggedEvent[] = [];
  last: RecordPosition | undefined;

  constructor(studyId: string, query: EventQuery, known: RecordPosition | undefined) {
    const { trialId, withEpochs } = query;
    this.#studyId = studyId;
    this.#query = query;
    this.#awaited = known;
    this.#isWanted = ({ type, trialId: of }) =>
      (withEpochs || !OF_EPOCHS.has(type)) && (trialId === undefined || of === trialId);
  }

  get isFull(): boolean {
    const { events } = this;
    return events.length >= this.#query.limit || this.#bytes >= PAGE_BYTES_MAX || this.#read >= PAGE_RECORDS_MAX;
  }

  /** Takes the next record of the log. Returns false if it is not the awaited one. */
  take({ revision, body }: StoredRecord): boolean {
    const text = Buffer.from(body).toString("utf8");
    const awaited = this.#awaited;
    if (awaited !== undefined) {
      this.#awaited = undefined;
      this.last = { revision, sequence: awaited.sequence };
      return this.#parsed(text).sequence === awaited.sequence;
    }
    this.#read += 1;
    const sequence = (this.last?.sequence ?? 0) + 1;
    this.last = { revision, sequence };
    if (sequence <= this.#query.after ? text.includes('"study-deleted"') : this.#mayHaveEvents(text))
      this.#takeEvents(text, revision);
    return true;
  }

  #takeEvents(text: string, revision: number): void {
    const { sequence, at, events } = this.#parsed(text);
    if (deletesStudy(events)) {
      // A study that a person has deleted, before another one of the same name.
      this.events = [];
      this.last = { revision, sequence: 0 };
      return;
    }
    this.last = { revision, sequence };
    const wanted = sequence > this.#query.after ? events.filter(this.#isWanted) : [];
    if (wanted.length > 0) this.#bytes += text.length;
    for (const event of wanted) this.events.push({ sequence, at, event: withoutSecret(event) });
  }

  #mayHaveEvents(text: string): boolean {
    const { trialId, withEpochs } = this.#query;
    if (text.includes('"study-deleted"')) return true;
    return (withEpochs || OTHER_EVENT.test(text)) && (trialId === undefined || text.includes(`"${trialId}"`));
  }

  #parsed(text: string) {
    const record = recordShape.safeParse(jsonOf(text));
    if (record.success) return record.data;
    const after = this.last?.sequence ?? 0;
    throw new DamagedLogError(`A record of study ${this.#studyId} near number ${after} cannot be read.`);
  }
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function withoutSecret(event: LoggedEvent["event"]): LoggedEvent["event"] {
  const { secret: _, ...rest } = { secret: undefined, ...event };
  return rest;
}
