import { StoreUnavailableError } from "@sintonia/coordinator/ports/study-log";
import type { LogCopies } from "@sintonia/coordinator/shell/log-copy/log-copies";
import type { TermEnd } from "@sintonia/coordinator/term";
import { sleep } from "@sintonia/runtime/clock";
import type { Truth } from "../checks/truth.js";
import type { SimulatedProcess } from "../world/process.js";
import type { Disk } from "./disk.js";

/** Delays of the files' adapter: before added records are written, and before a repeat. */
const WRITE_DELAY_MS = 250;
const REPEAT_DELAY_MS = 5_000;

/** The copies of the study logs on the disk, as a term sees them. They are written later. */
export class CopiesClient implements LogCopies {
  readonly #disk: Disk;
  readonly #truth: Truth;
  readonly #process: SimulatedProcess;
  readonly #end: TermEnd;
  #waiting: { readonly studyId: string; readonly body: Uint8Array }[] = [];
  #isWriting = false;

  constructor(disk: Disk, truth: Truth, { process, ...end }: TermEnd & { process: SimulatedProcess }) {
    this.#disk = disk;
    this.#truth = truth;
    this.#process = process;
    this.#end = end;
  }

  studies = (): ReturnType<LogCopies["studies"]> => this.#disk.copies.studies();

  async end(studyId: string): ReturnType<LogCopies["end"]> {
    await this.#flush();
    return await this.#disk.copies.end(studyId);
  }

  async *read(studyId: string): AsyncIterable<Uint8Array> {
    await this.#flush();
    yield* this.#disk.copies.read(studyId);
  }

  add(studyId: string, body: Uint8Array): void {
    this.#waiting.push({ studyId, body });
    if (!this.#isWriting) void this.#write();
  }

  async room(): Promise<void> {}

  async replace(studyId: string, bodies: Parameters<LogCopies["replace"]>[1]): Promise<void> {
    const records: Uint8Array[] = [];
    for await (const body of bodies) records.push(body);
    await this.#requireLeading();
    this.#disk.requireRoom();
    this.#waiting = this.#waiting.filter((record) => record.studyId !== studyId);
    await this.#disk.copies.replace(studyId, records);
    for (const body of records) this.#truth.noteCopied(body);
  }

  async setAside(studyId: string): Promise<string> {
    await this.#flush();
    await this.#requireLeading();
    return await this.#disk.copies.setAside(studyId);
  }

  /** Writes what waits at the end of the process. */
  async close(): Promise<void> {
    if (this.#end.isLeading()) await this.#flush();
  }

  /** Writes what waits. */
  async #flush(): Promise<void> {
    if (this.#waiting.length === 0) return;
    await this.#requireLeading();
    this.#disk.requireRoom();
    for (const { studyId, body } of this.#waiting) {
      this.#disk.copies.add(studyId, body);
      this.#truth.noteCopied(body);
    }
    this.#waiting = [];
  }

  async #requireLeading(): Promise<void> {
    const { isLeading, signal } = this.#end;
    while (!isLeading() && !signal.aborted) await sleep(WRITE_DELAY_MS, this.#process.timers, signal);
    if (!isLeading()) throw new StoreUnavailableError("the term of this coordinator is over");
  }

  async #write(): Promise<void> {
    const { signal } = this.#end;
    this.#isWriting = true;
    let delayMs = WRITE_DELAY_MS;
    while (this.#waiting.length > 0 && !signal.aborted) {
      await sleep(delayMs, this.#process.timers, signal);
      try {
        await this.#flush();
        delayMs = WRITE_DELAY_MS;
      } catch {
        // Ignored: repeated when there may be room.
        delayMs = REPEAT_DELAY_MS;
      }
    }
    this.#isWriting = false;
  }
}
