import { createHash, randomBytes } from "node:crypto";
import { createReadStream } from "node:fs";
import { type FileHandle, open, readdir, rename, rm } from "node:fs/promises";
import path from "node:path";
import { STUDY_ID } from "@sintonia/protocol/names";
import { sleep, type Timers } from "@sintonia/runtime/clock";
import { messageOf } from "@sintonia/runtime/errors";
import { makeFolder } from "@sintonia/runtime/file/folders";
import type { Logger } from "@sintonia/runtime/logger";
import { OutageLog } from "@sintonia/runtime/outage";
import { StoreUnavailableError } from "../../../ports/study-log.js";
import type { CopyEnd, LogCopies } from "../../../shell/log-copy/log-copies.js";
import { tombstoneOf } from "../../../shell/study/tombstone.js";
import { codeOf, guarded } from "../files.js";
import { appendLines, firstLine, LINE_END, lastLine, moveDurably, writeLines } from "./lines.js";

/**
 * Delay before added records are written. The records of this time share one flush to disk. A loss
 * of the log and of the machine within it stays unnoticed.
 */
const WRITE_DELAY_MS = 250;

/** Delay before a failed write is repeated. */
const REPEAT_DELAY_MS = 5_000;

/**
 * Limit of records that wait, which bounds memory while the disk is full. Copies that miss records
 * then get them from the log at the next start.
 */
const WAITING_MAX_BYTES = 32 * 1024 * 1024;

const SUFFIX = ".jsonl";
const DRAFT_SUFFIX = ".new";

const OUTAGE = { failing: "copies of study logs cannot be written", over: "copies of study logs are written again" };

/** The dependencies of the copies. */
interface CopiesContext {
  readonly timers: Timers;
  readonly logger: Logger;
  /** Ends the writing when aborted: the term is over. */
  readonly signal: AbortSignal;
  /** Tells whether this coordinator leads. Another leader has the folder otherwise. */
  readonly isLeading: () => boolean;
}

/** LogCopies in a folder: one file for each study, with one record in each line. */
export class FilesystemLogCopies implements LogCopies {
  readonly #folder: string;
  readonly #context: CopiesContext;
  readonly #outage: OutageLog;
  #waiting = new Map<string, Uint8Array[]>();
  #waitingBytes = 0;
  /** Studies whose copies miss records. */
  readonly #outdated = new Set<string>();
  #isWriting = false;
  #tail: Promise<void> = Promise.resolve();

  private constructor(folder: string, context: CopiesContext) {
    this.#folder = folder;
    this.#context = context;
    this.#outage = new OutageLog(context.logger, context.timers, OUTAGE);
  }

  /**
   * Opens the copies. Creates their folder if it is missing, and deletes what broken replacements
   * have left.
   *
   * @throws {StoreUnavailableError} if the folder cannot be created
   */
  static async open(folder: string, context: CopiesContext): Promise<FilesystemLogCopies> {
    await guarded(folder, async () => {
      await makeFolder(folder);
      const drafts = (await readdir(folder)).filter((name) => name.endsWith(DRAFT_SUFFIX));
      for (const draft of drafts) await rm(path.join(folder, draft), { force: true });
    });
    return new FilesystemLogCopies(folder, context);
  }

  async studies(): Promise<readonly string[]> {
    const names = await guarded(this.#folder, () => readdir(this.#folder));
    return names.flatMap((name) =>
      name.endsWith(SUFFIX) ? (STUDY_ID.parse(name.slice(0, -SUFFIX.length)) ?? []) : [],
    );
  }

  async end(studyId: string): Promise<CopyEnd | undefined> {
    await this.#flush();
    const file = this.#fileOf(studyId);
    if (file === undefined) return undefined;
    return await guarded(file, async () => {
      const handle = await open(file, "r+").catch(unlessMissing);
      if (handle === undefined) return undefined;
      try {
        return await endOf(studyId, handle);
      } finally {
        await handle.close();
      }
    });
  }

  async *read(studyId: string): AsyncIterable<Uint8Array> {
    await this.#flush();
    const file = this.#fileOf(studyId);
    if (file === undefined) return;
    let rest: Buffer = Buffer.alloc(0);
    try {
      for await (const chunk of createReadStream(file) as AsyncIterable<Buffer>) {
        rest = Buffer.concat([rest, chunk]);
        for (let end = rest.indexOf(LINE_END); end >= 0; end = rest.indexOf(LINE_END)) {
          yield rest.subarray(0, end);
          rest = rest.subarray(end + 1);
        }
      }
    } catch (error) {
      unlessMissing(error);
    }
  }

  add(studyId: string, body: Uint8Array): void {
    if (this.#outdated.has(studyId)) return;
    const waiting = this.#waiting.get(studyId);
    if (waiting === undefined) this.#waiting.set(studyId, [body]);
    else waiting.push(body);
    this.#waitingBytes += body.length;
    if (this.#waitingBytes > WAITING_MAX_BYTES) this.#giveUp();
    if (!this.#isWriting) void this.#write();
  }

  async room(): Promise<void> {
    // Ignored: the writer reports it.
    if (this.#waitingBytes > WAITING_MAX_BYTES / 2) await this.#flush().catch(() => undefined);
  }

  async replace(studyId: string, bodies: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): Promise<void> {
    const file = this.#fileOf(studyId) ?? "";
    const draft = `${file}.${randomBytes(3).toString("hex")}${DRAFT_SUFFIX}`;
    // Not in the queue of the writes: the bodies may come from a slow client.
    await guarded(file, () => writeLines(draft, bodies));
    const replaced = this.#tail.then(async () => {
      await this.#requireLeading();
      for (const { length } of this.#waiting.get(studyId) ?? []) this.#waitingBytes -= length;
      this.#waiting.delete(studyId);
      await guarded(file, () => moveDurably(draft, file));
      this.#outdated.delete(studyId);
    });
    this.#tail = replaced.catch(() => undefined);
    await replaced;
  }

  async setAside(studyId: string): Promise<string> {
    await this.#flush();
    await this.#requireLeading();
    const file = this.#fileOf(studyId) ?? "";
    const aside = `${file}.${randomBytes(3).toString("hex")}.aside`;
    await guarded(file, () => rename(file, aside));
    return aside;
  }

  /** Writes until nothing waits or the term is over. */
  async #write(): Promise<void> {
    const { timers, signal } = this.#context;
    this.#isWriting = true;
    let delayMs = WRITE_DELAY_MS;
    while (this.#waiting.size > 0 && !signal.aborted) {
      await sleep(delayMs, timers, signal);
      try {
        await this.#flush();
        this.#outage.succeed();
        delayMs = WRITE_DELAY_MS;
      } catch (error) {
        this.#outage.fail({ folder: this.#folder, reason: messageOf(error) });
        delayMs = REPEAT_DELAY_MS;
      }
    }
    this.#isWriting = false;
  }

  /**
   * Writes the records that wait, at the end of the process. A former leader writes none: its
   * successor copies them from the log.
   */
  async close(): Promise<void> {
    if (this.#context.isLeading()) await this.#flush();
  }

  /**
   * Waits until the leadership is confirmed. The records of a former leader would otherwise follow
   * those of its successor, and a deletion would be followed by records of the deleted study.
   *
   * @throws {StoreUnavailableError} if the term ends first
   */
  async #requireLeading(): Promise<void> {
    const { isLeading, timers, signal } = this.#context;
    while (!isLeading() && !signal.aborted) await sleep(WRITE_DELAY_MS, timers, signal);
    if (!isLeading()) throw new StoreUnavailableError("the term of this coordinator is over");
  }

  /**
   * Writes what waits, after earlier writes.
   *
   * @throws {StoreUnavailableError} if it cannot be written; it then waits further
   */
  #flush(): Promise<void> {
    const flushed = this.#tail.then(() => this.#writeWaiting());
    this.#tail = flushed.catch(() => undefined);
    return flushed;
  }

  async #writeWaiting(): Promise<void> {
    for (const [studyId, waiting] of [...this.#waiting]) {
      // More may be added while these are written.
      await this.#requireLeading();
      const bodies = [...waiting];
      const file = this.#fileOf(studyId);
      if (file !== undefined) await guarded(file, () => appendLines(file, bodies));
      const later = this.#waiting.get(studyId)?.slice(bodies.length) ?? [];
      if (later.length > 0) this.#waiting.set(studyId, later);
      else this.#waiting.delete(studyId);
      this.#waitingBytes = Math.max(0, this.#waitingBytes - bodies.reduce((bytes, { length }) => bytes + length, 0));
    }
  }

  /** Drops the waiting records of all studies, whose copies are outdated from then on. */
  #giveUp(): void {
    for (const studyId of this.#waiting.keys()) this.#outdated.add(studyId);
    this.#waiting = new Map();
    this.#waitingBytes = 0;
  }

  /** Returns the file of a copy; undefined for a name that is no id of a study. */
  #fileOf(studyId: string): string | undefined {
    return STUDY_ID.parse(studyId) && path.join(this.#folder, `${studyId}${SUFFIX}`);
  }
}

async function endOf(studyId: string, handle: FileHandle): Promise<CopyEnd | undefined> {
  const last = await lastLine(handle);
  const first = await firstLine(handle);
  if (last === undefined || first === undefined) return undefined;
  const deletion = tombstoneOf(studyId, last);
  if (deletion !== undefined) {
    return { sequence: 0, digest: "", tombstone: { ...deletion, isFirst: last.equals(first) } };
  }
  const tombstone = tombstoneOf(studyId, first);
  return tombstone === undefined ? recordEnd(last) : { ...recordEnd(last), tombstone: { ...tombstone, isFirst: true } };
}

function recordEnd(line: Buffer): CopyEnd {
  const digest = createHash("sha256").update(line).digest("hex");
  try {
    const { sequence } = JSON.parse(line.toString("utf8"));
    return { sequence: Number.isSafeInteger(sequence) ? sequence : 1, digest };
  } catch {
    // A damaged line: no record of the log equals it, so that the whole copy is compared.
    return { sequence: 1, digest };
  }
}

function unlessMissing(error: unknown): undefined {
  if (codeOf(error) !== "ENOENT") throw error;
}
