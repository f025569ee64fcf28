import type { LogCopies } from "@sintonia/coordinator/shell/log-copy/log-copies";
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
  readonly #signal: AbortSignal;
  #waiting: { readonly studyId: string; readonly body: Uint8Array }[] = [];
  #isWriting = false;

  /** @param signal - ends the writing when aborted */
  constructor(disk: Disk, truth: Truth, { process, signal }: { process: SimulatedProcess; signal: AbortSignal }) {
    this.#disk = disk;
    this.#truth = truth;
    this.#process = process;
    this.#signal = signal;
  }

  studies = (): ReturnType<LogCopies["studies"]> => this.#disk.copies.studies();

  async end(studyId: string): ReturnType<LogCopies["end"]> {
    this.flush();
    return await this.#disk.copies.end(studyId);
  }

  async *read(studyId: string): AsyncIterable<Uint8Array> {
    this.flush();
    yield* this.#disk.copies.read(studyId);
  }

  add(studyId: string, body: Uint8Array): void {
    this.#waiting.push({ studyId, body });
    if (!this.#isWriting) void this.#write();
  }

  async room(): Promise<void> {}

  async replace(studyId: string, bodies: Parameters<LogCopies["replace"]>[1]): Promise<void> {
    this.#disk.requireRoom();
    this.#waiting = this.#waiting.filter((record) => record.studyId !== studyId);
    await this.#disk.copies.replace(studyId, bodies);
  }

  async setAside(studyId: string): Promise<string> {
    this.flush();
    return await this.#disk.copies.setAside(studyId);
  }

  /** Writes what waits. */
  flush(): void {
    if (this.#waiting.length === 0) return;
    this.#disk.requireRoom();
    for (const { studyId, body } of this.#waiting) {
      this.#disk.copies.add(studyId, body);
      this.#truth.noteCopied(body);
    }
    this.#waiting = [];
  }

  async #write(): Promise<void> {
    this.#isWriting = true;
    let delayMs = WRITE_DELAY_MS;
    while (this.#waiting.length > 0 && !this.#signal.aborted) {
      await sleep(delayMs, this.#process.timers, this.#signal);
      try {
        this.flush();
        delayMs = WRITE_DELAY_MS;
      } catch {
        // Ignored: repeated when there may be room.
        delayMs = REPEAT_DELAY_MS;
      }
    }
    this.#isWriting = false;
  }
}
