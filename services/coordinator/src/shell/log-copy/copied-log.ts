// The study logs, with the coordinator's own copies beside them. A log that has lost acknowledged
// records gets them back from the copy; one with damaged records is read with those of the copy.

import { createHash, randomUUID } from "node:crypto";
import type { Logger } from "@sintonia/runtime/logger";
import type { AppendResult, RecordPosition, Revision, StoredRecord, StudyLog } from "../../ports/study-log.js";
import { AnotherWriterError, DamagedLogError, readRecords } from "../study/journal.js";
import { eventFault, recordShape } from "../study/record-schema.js";
import { deletesStudy, type Tombstone, tombstoneOf } from "../study/tombstone.js";
import { type Comparison, compareLogs, type StoredEntry } from "./comparison.js";
import { isOfLaterVersion } from "./later-version.js";
import type { CopyEnd, LogCopies } from "./log-copies.js";

const RESTORE =
  "Restart nats-server, or restore its store from a backup. The coordinator's copy in the folder logs has the records.";

/** Logs with copies. Each study's log is compared with its copy when it is read first. */
export class CopiedLog implements StudyLog {
  readonly #log: StudyLog;
  readonly #copies: LogCopies;
  readonly #logger: Logger;
  readonly #onMended: (records: number) => void;
  readonly #restoration = randomUUID();
  /** Studies whose log and copy agree, as far as they were read. */
  readonly #compared = new Set<string>();
  /** Those of them that were read from a snapshot on. */
  readonly #partly = new Set<string>();
  /** Studies whose log has damaged records, which the copy replaces. */
  readonly #mended = new Set<string>();
  /** Studies that are imported: their logs get all records from their copies. */
  readonly #imported = new Set<string>();
  /** The last deletion of each study that has been deleted: nothing up to it counts. */
  readonly #deletions = new Map<string, Revision>();

  /** @param onMended - receives the number of records that came from a copy */
  constructor(log: StudyLog, copies: LogCopies, logger: Logger, onMended: (records: number) => void = () => undefined) {
    this.#log = log;
    this.#copies = copies;
    this.#logger = logger;
    this.#onMended = onMended;
  }

  async studies(): Promise<readonly string[]> {
    const ids = new Set([...(await this.#log.studies()), ...(await this.#copies.studies())]);
    return [...ids].sort();
  }

  async *read(studyId: string, from?: RecordPosition): AsyncIterable<StoredRecord> {
    if (from === undefined) await this.#compareWhole(studyId);
    if (this.#mended.has(studyId)) yield* await this.#readMended(studyId);
    else if (this.#compared.has(studyId)) yield* this.#readPresent(studyId, from);
    else if (from !== undefined && (await this.#isCopied(studyId, from))) yield* this.#readTail(studyId, from);
    else yield* this.#readFirst(studyId);
  }

  revision(studyId: string): Promise<number> {
    return this.#log.revision(studyId);
  }

  last(studyId: string): Promise<StoredRecord | undefined> {
    return this.#log.last(studyId);
  }

  /**
   * Erases records of the log. Those of its copy go first, so that no start finds a whole copy of a
   * log that is erased in part.
   */
  async erase(studyId: string, before: number): Promise<"erased" | "refused"> {
    const last = await this.#log.last(studyId);
    const tombstone = last && tombstoneOf(studyId, last.body);
    if (tombstone !== undefined) await this.#copies.replace(studyId, [tombstone.body]);
    this.#deletions.set(studyId, before);
    this.#mended.delete(studyId);
    return await this.#log.erase(studyId, before);
  }

  ensureReadable(): Promise<boolean> {
    return this.#log.ensureReadable();
  }

  async append(studyId: string, body: Uint8Array, position: { after: number; id: string }): Promise<AppendResult> {
    const result = await this.#log.append(studyId, body, position);
    if (result.kind === "appended") {
      this.#copies.add(studyId, body);
      this.#compared.add(studyId);
    }
    return result;
  }

  /**
   * Makes records the copy of a study that has no log, or a tombstone alone. The log gets them when
   * it is read next, also in a later process.
   *
   * @throws {StoreUnavailableError} or an error of `bodies`; nothing is then stored
   */
  async import(studyId: string, bodies: AsyncIterable<Uint8Array>): Promise<void> {
    const last = await this.#log.last(studyId);
    const tombstone = last && tombstoneOf(studyId, last.body);
    if (last !== undefined && tombstone === undefined) throw new AnotherWriterError(studyId);
    await this.#copies.replace(studyId, tombstone === undefined ? bodies : after(tombstone.body, bodies));
    this.#imported.add(studyId);
    this.expectChanges(studyId);
  }

  /** Compares a log with its copy again when it is read next: another process wrote to it. */
  expectChanges(studyId: string): void {
    this.#compared.delete(studyId);
    this.#partly.delete(studyId);
    this.#mended.delete(studyId);
  }

  /**
   * Mends the reading of a log that cannot be read, with the records of its copy. A log of a later
   * version is whole: this version must not go on without records that it does not understand.
   *
   * @returns true if the log shall be read again
   * @throws {StoreUnavailableError}
   */
  async mend(studyId: string): Promise<boolean> {
    if (this.#mended.has(studyId) || (await this.#isOfLaterVersion(studyId))) return false;
    const copy = await this.#bodiesOf(studyId);
    if (copy.length === 0) return false;
    const { comparison } = await this.#compare(studyId, copy);
    if (comparison.kind === "diverged") {
      await this.#setAside(studyId, comparison.common, copy.length);
      return true;
    }
    const { missing, foreign } = comparison;
    const advice = "the study goes on; restore the NATS stream of events from a backup when it is over";
    this.#logger.error({ studyId, missing, foreign, advice }, "study log is damaged, its copy replaces the records");
    this.#mended.add(studyId);
    this.#onMended(missing);
    return true;
  }

  /** Tells whether a later version wrote to a copied log or to its copy. */
  async #isOfLaterVersion(studyId: string): Promise<boolean> {
    let isCopied = false;
    for await (const body of this.#copies.read(studyId)) {
      if (isOfLaterVersion(body)) return true;
      isCopied = true;
    }
    // The name of a log without a copy may be none that can be read.
    if (!isCopied) return false;
    for await (const { body } of this.#log.read(studyId)) if (isOfLaterVersion(body)) return true;
    return false;
  }

  /** Reads the records after the last deletion. */
  async *#readPresent(studyId: string, from?: RecordPosition): AsyncGenerator<StoredRecord> {
    const deletion = this.#deletions.get(studyId) ?? 0;
    for await (const record of this.#log.read(studyId, from)) if (record.revision > deletion) yield record;
  }

  /** Checks the records of a log that was only read from a snapshot on, and mends the log. */
  async #compareWhole(studyId: string): Promise<void> {
    if (!this.#partly.delete(studyId)) return;
    try {
      for await (const { record, head } of readRecords(this.#log, studyId)) {
        if (deletesStudy(record.events)) this.#deletions.set(studyId, head.revision);
      }
    } catch (error) {
      if (!(error instanceof DamagedLogError)) throw error;
      await this.mend(studyId);
    }
  }

  /** Tells whether the copy of a log has a record, so that the records before need not be read. */
  async #isCopied(studyId: string, { sequence }: RecordPosition): Promise<boolean> {
    return ((await this.#copies.end(studyId))?.sequence ?? 0) >= sequence;
  }

  /** Reads a log from a known record on, unless the log does not have it. */
  async *#readTail(studyId: string, from: RecordPosition): AsyncGenerator<StoredRecord> {
    let isKnown = false;
    for await (const record of this.#compareEach(studyId, from)) {
      isKnown ||= record.revision === from.revision;
      if (!isKnown) return;
      yield record;
    }
    if (!isKnown) return;
    this.#compared.add(studyId);
    this.#partly.add(studyId);
  }

  async *#readFirst(studyId: string): AsyncGenerator<StoredRecord> {
    yield* this.#compareEach(studyId);
    this.#compared.add(studyId);
  }

  /** Reads a log, adds what the copy lacks to the copy, and gives the log back what it has lost. */
  async *#compareEach(studyId: string, from?: RecordPosition): AsyncGenerator<StoredRecord> {
    let end = await this.#copies.end(studyId);
    const deletion = end?.tombstone;
    let sequence = from === undefined ? 0 : from.sequence - 1;
    let last: StoredRecord | undefined;
    const isSkipping = deletion !== undefined && from === undefined;
    for await (const record of isSkipping ? this.#readFrom(studyId, deletion) : this.#log.read(studyId, from)) {
      last = record;
      const tombstone = tombstoneOf(studyId, record.body);
      if (tombstone !== undefined) {
        // The copy is older than the deletion, or has records before it: none of them counts.
        if (tombstone.digest !== deletion?.digest || !deletion.isFirst) {
          await this.#copies.replace(studyId, [record.body]);
          end = undefined;
        }
        sequence = 0;
        this.#deletions.set(studyId, record.revision);
        yield record;
        continue;
      }
      sequence += 1;
      if (sequence === end?.sequence) requireSame(studyId, end, record.body);
      yield record;
      // The reader has accepted the record.
      if (sequence <= (end?.sequence ?? 0)) continue;
      this.#copies.add(studyId, record.body);
      await this.#copies.room();
    }
    if (from !== undefined && last === undefined) return;
    if (sequence < (end?.sequence ?? 0)) yield* this.#restoreTail(studyId, sequence, last);
  }

  /**
   * Reads a log from a deletion on. A log without the deletion, or a later one, is an older copy of
   * the store: it gets the tombstone back.
   */
  async *#readFrom(studyId: string, deletion: Tombstone): AsyncGenerator<StoredRecord> {
    let isDeleted = false;
    let revision = 0;
    for await (const record of this.#log.read(studyId)) {
      isDeleted ||= isDeletionSince(deletion, tombstoneOf(studyId, record.body));
      if (isDeleted) yield record;
      revision = record.revision;
    }
    if (isDeleted) return;
    this.#logger.warn({ studyId, deletedAt: deletion.at }, "study log has a deleted study again, study stays deleted");
    await this.#requireReadable(studyId);
    yield { revision: await this.#restore(studyId, deletion.body, revision), body: deletion.body };
  }

  /** Appends the records that the log has lost, and yields them. */
  async *#restoreTail(studyId: string, sequence: number, last: StoredRecord | undefined): AsyncGenerator<StoredRecord> {
    const copy = await this.#bodiesOf(studyId);
    const same = copy[sequence - 1];
    if (last !== undefined && same !== undefined) {
      requireSame(studyId, { sequence, digest: digestOf(same) }, last.body);
    }
    const lost = { studyId, from: sequence + 1, to: copy.length };
    if (this.#imported.has(studyId)) this.#logger.info(lost, "records of the imported study are stored");
    else {
      this.#logger.error(lost, "acknowledged records are missing from the study log, restored from the copy");
      this.#onMended(copy.length - sequence);
    }
    let after = last?.revision ?? 0;
    await this.#requireReadable(studyId);
    for (const body of copy.slice(sequence)) {
      after = await this.#restore(studyId, body, after);
      yield { revision: after, body };
    }
    this.#imported.delete(studyId);
  }

  /** Looks whether a store that has lost records reads new ones. */
  async #requireReadable(studyId: string): Promise<void> {
    if (await this.#log.ensureReadable()) return;
    const reason = `The log of study ${studyId} lacks records, and NATS takes records and cannot read them.`;
    throw new DamagedLogError(reason, RESTORE);
  }

  async #restore(studyId: string, body: Uint8Array, after: number): Promise<number> {
    // A server may still know the id of the record that it has lost, and would store nothing.
    const id = `${digestOf(body)}.${this.#restoration}`;
    const result = await this.#log.append(studyId, body, { after, id });
    if (result.kind === "appended") return result.revision;
    // The record is appended after what the store itself cannot read.
    if ((result.unreadable ?? 0) > after) return await this.#restore(studyId, body, result.unreadable as number);
    throw new DamagedLogError(`The log of study ${studyId} lacks records, and refuses to get them back.`, RESTORE);
  }

  /** Returns the records of the copy, and those of the log that continue its chain. */
  async #readMended(studyId: string): Promise<readonly StoredRecord[]> {
    const copy = await this.#bodiesOf(studyId);
    const { comparison, stored } = await this.#compare(studyId, copy);
    if (comparison.kind === "diverged") throw new DamagedLogError(`The log of study ${studyId} differs from its copy.`);
    const lost = copy.slice(comparison.common);
    let revision = stored.at(-1)?.revision ?? 0;
    if (lost.length > 0) await this.#requireReadable(studyId);
    for (const body of lost) revision = await this.#restore(studyId, body, revision);
    const newer = comparison.newer.flatMap((position) => stored[position] ?? []);
    for (const { body } of newer) this.#copies.add(studyId, body);
    const bodies = [...copy, ...newer.map(({ body }) => body)];
    // The next append follows the last entry of the log, whatever that is.
    return bodies.map((body) => ({ revision, body }));
  }

  async #compare(studyId: string, copy: readonly Uint8Array[]) {
    const stored: StoredRecord[] = [];
    for await (const record of this.#log.read(studyId)) {
      if (tombstoneOf(studyId, record.body) === undefined) stored.push(record);
      else stored.length = 0;
    }
    const comparison: Comparison = compareLogs(
      copy.map(digestOf),
      stored.map(({ body }) => entryOf(studyId, body)),
    );
    return { comparison, stored };
  }

  /**
   * Reads the records of a copy, without its tombstone, up to the first one that breaks the chain.
   */
  async #bodiesOf(studyId: string): Promise<readonly Uint8Array[]> {
    const bodies: Uint8Array[] = [];
    const seen = new Set<string>();
    const read = async function* (copies: LogCopies): AsyncGenerator<StoredRecord> {
      for await (const body of copies.read(studyId)) {
        const digest = digestOf(body);
        if (seen.has(digest)) continue;
        seen.add(digest);
        if (tombstoneOf(studyId, body) !== undefined) {
          bodies.length = 0;
          continue;
        }
        bodies.push(body);
        yield { revision: bodies.length, body };
      }
    };
    try {
      for await (const _ of readRecords({ read: () => read(this.#copies) }, studyId));
    } catch (error) {
      if (!(error instanceof DamagedLogError)) throw error;
      bodies.pop();
      this.#logger.warn({ studyId, whole: bodies.length, reason: error.message }, "copy of study log is damaged");
    }
    return bodies;
  }

  async #setAside(studyId: string, common: number, copied: number): Promise<void> {
    const place = await this.#copies.setAside(studyId);
    const advice = "the log in NATS counts; the copy shows what it has lost";
    const facts = { studyId, common, lost: copied - common, copy: place, advice };
    this.#logger.error(facts, "study log goes on in another way than its copy, acknowledged records are lost");
  }
}

async function* after(first: Uint8Array, rest: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  yield first;
  yield* rest;
}

/** Tells whether a tombstone of a log is a deletion, or a later one. */
function isDeletionSince(deletion: Tombstone, found: Tombstone | undefined): boolean {
  return found !== undefined && (found.digest === deletion.digest || found.at > deletion.at);
}

function requireSame(studyId: string, end: CopyEnd, body: Uint8Array): void {
  if (digestOf(body) === end.digest) return;
  throw new DamagedLogError(`Record ${end.sequence} of study ${studyId} is not the one that the coordinator stored.`);
}

function digestOf(body: Uint8Array): string {
  return createHash("sha256").update(body).digest("hex");
}

/** Returns the place of an entry in the chain; without one if it is no record of the study. */
function entryOf(studyId: string, body: Uint8Array): StoredEntry {
  const digest = digestOf(body);
  try {
    const { data } = recordShape.safeParse(JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(body)));
    const isOwn = data?.studyId === studyId && data.events.every((event) => eventFault(event) === undefined);
    return { digest, previous: isOwn ? data.previous : undefined };
  } catch {
    return { digest, previous: undefined };
  }
}
