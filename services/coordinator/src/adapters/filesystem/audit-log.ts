import { appendFile, rename, rm, stat } from "node:fs/promises";
import path from "node:path";
import type { Clock } from "@sintonia/runtime/clock";
import { makeFolder } from "@sintonia/runtime/file/folders";
import type { Logger } from "@sintonia/runtime/logger";
import type { AuditEntry, AuditLog } from "../../ports/audit-log.js";

/** Size after which a file is closed, in bytes: about 40,000 entries. */
const FILE_MAX_BYTES = 8 * 2 ** 20;

/** Number of files. With the oldest, entries go for good. */
const FILES_MAX = 6;

/**
 * Limit of failed calls a second that are recorded one by one, so that a flood of them does not
 * displace what succeeded. The others are counted.
 */
const FAILURES_PER_SECOND_MAX = 20;

/** Limit of entries that wait for the disk. Further ones are counted. */
const WAITING_MAX = 10_000;

/** The limits of an audit log. */
interface AuditLimits {
  readonly fileMaxBytes: number;
  readonly filesMax: number;
}

/** A line, with the number of entries that it records or counts. */
interface Line {
  readonly text: string;
  readonly entries: number;
}

interface Dependencies {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly limits?: AuditLimits;
}

/**
 * An AuditLog in a folder: one JSON object a line in `audit.jsonl`, older ones in `audit.1.jsonl`
 * and so on. Readable by its owner only.
 */
export class FilesystemAuditLog implements AuditLog {
  readonly #folder: string;
  readonly #dependencies: Dependencies;
  readonly #limits: AuditLimits;
  #waiting: Line[] = [];
  #writing: Promise<void> | undefined;
  /** The current second, its failures, and the entries without a line since the last line. */
  #second = 0;
  #failures = 0;
  #omitted = 0;
  #hasFault = false;

  /** @param folder - made by the first entry if it is missing */
  constructor(folder: string, dependencies: Dependencies) {
    this.#folder = folder;
    this.#dependencies = dependencies;
    this.#limits = dependencies.limits ?? { fileMaxBytes: FILE_MAX_BYTES, filesMax: FILES_MAX };
  }

  record(entry: AuditEntry): void {
    if (!this.#admits(entry)) {
      this.#omitted += 1;
      return;
    }
    const omitted = this.#omitted > 0 ? { omittedBefore: this.#omitted } : {};
    const time = this.#dependencies.clock.wallTime().toISOString();
    const text = `${JSON.stringify({ time, ...entry, ...omitted })}\n`;
    this.#waiting.push({ text, entries: 1 + this.#omitted });
    this.#omitted = 0;
    this.#writing ??= this.#write().finally(() => {
      this.#writing = undefined;
    });
  }

  async close(): Promise<void> {
    await this.#writing;
  }

  #admits({ outcome }: AuditEntry): boolean {
    if (this.#waiting.length >= WAITING_MAX) return false;
    if (outcome === "OK") return true;
    const second = Math.floor(this.#dependencies.clock.monotonicMs() / 1_000);
    if (second !== this.#second) [this.#second, this.#failures] = [second, 0];
    this.#failures += 1;
    return this.#failures <= FAILURES_PER_SECOND_MAX;
  }

  async #write(): Promise<void> {
    while (this.#waiting.length > 0) {
      const lines = this.#waiting.splice(0);
      try {
        await this.#append(lines.map(({ text }) => text).join(""));
        this.#hasFault = false;
      } catch (error) {
        this.#omitted += lines.reduce((sum, { entries }) => sum + entries, 0);
        if (!this.#hasFault) this.#dependencies.logger.error({ err: error }, "audit log not written");
        this.#hasFault = true;
      }
    }
  }

  async #append(text: string): Promise<void> {
    await makeFolder(this.#folder, 0o700);
    const { size } = await stat(this.#file(0)).catch(() => ({ size: 0 }));
    if (size >= this.#limits.fileMaxBytes) await this.#rotate();
    await appendFile(this.#file(0), text, { mode: 0o600 });
  }

  async #rotate(): Promise<void> {
    const oldest = this.#limits.filesMax - 1;
    await rm(this.#file(oldest), { force: true });
    for (let number = oldest - 1; number >= 0; number -= 1) {
      // Ignored: after a fault in an earlier rotation a number may have no file.
      await rename(this.#file(number), this.#file(number + 1)).catch(() => undefined);
    }
  }

  #file(number: number): string {
    return path.join(this.#folder, number === 0 ? "audit.jsonl" : `audit.${number}.jsonl`);
  }
}
