import { resolve } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { FileRef } from "@sintonia/protocol/file";
import type { Sha256 } from "@sintonia/protocol/names";
import { retry } from "@sintonia/runtime/backoff";
import { type Clock, systemClock } from "@sintonia/runtime/clock";
import type { Logger } from "@sintonia/runtime/logger";
import { OutageLog } from "@sintonia/runtime/outage";
import {
  type FileOrigin,
  type FileSource,
  FileUnavailableError,
  OriginFault,
  type WantedFile,
} from "../contract/file-source.js";
import { CacheFolder, type FileState, FRESH_MS, TOUCH_MS, wholeSeconds } from "./cache-folder.js";
import { download, matches } from "./download.js";
import { excessBytes } from "./eviction.js";
import { Repetition } from "./repetition.js";

/** Interval at which a download of another trainer, or room, is waited for, in milliseconds. */
const POLL_MS = 500;

/** Delays between the attempts of a download. */
const RETRY = { delayMs: 200, delayMaxMs: 5_000 };

const OUTAGE = { failing: "file cannot be downloaded", over: "file is downloaded again" };

/** The dependencies of a cache. */
interface FileCacheOptions {
  readonly folder: string;
  /** Limit of all files of the cache together, in bytes. */
  readonly bytesMax: number;
  readonly origin: FileOrigin;
  readonly logger: Logger;
  /** @default the clock of the machine */
  readonly clock?: Clock;
  /** Waits; rejects if the signal is aborted. */
  readonly sleep?: (ms: number, signal: AbortSignal) => Promise<void>;
}

/**
 * A FileSource in a folder of limited size. The files that were used longest ago are deleted first;
 * files in use stay. The trainers that share the folder download a file once.
 */
export class FileCache implements FileSource {
  readonly #options: FileCacheOptions;
  readonly #folder: CacheFolder;
  readonly #clock: Clock;
  readonly #sleep: (ms: number, signal: AbortSignal) => Promise<void>;
  /** Paths of files and downloads that this trainer uses. */
  readonly #used = new Set<string>();
  /** States of files whose checksum this trainer has checked. */
  readonly #checked = new Map<Sha256, FileState>();
  readonly #outage: OutageLog;
  readonly #touches: NodeJS.Timeout;

  /** The caller closes the cache. */
  constructor(options: FileCacheOptions) {
    const { folder, logger, clock = systemClock, sleep = pause } = options;
    this.#options = options;
    this.#clock = clock;
    this.#sleep = sleep;
    this.#folder = new CacheFolder(resolve(folder), clock);
    this.#outage = new OutageLog(logger, clock, OUTAGE);
    this.#touches = setInterval(() => void this.#touchAll(), TOUCH_MS);
    this.#touches.unref();
  }

  async fetch(ref: WantedFile, signal: AbortSignal): Promise<string> {
    const file = this.#folder.pathOf(ref.sha256);
    this.#used.add(file);
    try {
      while (!(await this.#isIntact(ref))) {
        const part = await this.#folder.claim(ref.sha256);
        if (part === undefined) await this.#sleep(POLL_MS, signal);
        else await this.#fill(part, ref, signal);
      }
      return file;
    } catch (error) {
      this.#used.delete(file);
      signal.throwIfAborted();
      throw unavailable(this.#folder.path, error);
    }
  }

  release(): void {
    this.#used.clear();
  }

  /** Stops the touches. The files are free after a while. */
  close(): void {
    clearInterval(this.#touches);
  }

  /** Checks a complete file, unless this trainer has checked it before. Deletes a damaged one. */
  async #isIntact(ref: FileRef): Promise<boolean> {
    const file = this.#folder.pathOf(ref.sha256);
    const state = await this.#folder.use(ref.sha256);
    if (state === undefined) return false;
    if (isSameState(state, this.#checked.get(ref.sha256))) return true;
    if (state.sizeBytes === ref.sizeBytes && (await matches(file, ref))) {
      this.#noteChecked(ref.sha256, state);
      return true;
    }
    this.#options.logger.warn({ file }, "cached file is damaged, it is fetched again");
    await this.#folder.delete(file);
    return false;
  }

  /** Notes the state of a checked file after the touch that has followed. */
  #noteChecked(sha256: Sha256, state: FileState): void {
    this.#checked.set(sha256, { ...state, changedMs: wholeSeconds(state.changedMs) });
  }

  /** Downloads a file into a claimed part, and makes it the complete file. */
  async #fill(part: string, ref: WantedFile, signal: AbortSignal): Promise<void> {
    this.#used.add(part);
    const startMs = this.#clock.monotonicMs();
    try {
      await this.#makeRoom(part, ref, signal);
      await this.#untilDownloaded(part, ref, signal);
      await this.#folder.complete(part, ref.sha256);
      const state = await this.#folder.use(ref.sha256);
      if (state !== undefined) this.#noteChecked(ref.sha256, state);
      const seconds = Math.round(this.#clock.monotonicMs() - startMs) / 1000;
      this.#options.logger.info({ sha256: ref.sha256, sizeBytes: ref.sizeBytes, seconds }, "file fetched");
    } catch (error) {
      await this.#leave(part, error);
    } finally {
      this.#used.delete(part);
    }
  }

  async #untilDownloaded(part: string, file: WantedFile, signal: AbortSignal): Promise<void> {
    const { sha256 } = file;
    const repetition = new Repetition();
    const origin: FileOrigin = { read: (...args) => counted(this.#options.origin.read(...args), repetition) };
    const isTransient = (error: Error) => error instanceof OriginFault && repetition.mayRepeat(error.repeats);
    const onRetry = ({ message: reason }: Error) => this.#outage.fail({ sha256, reason });
    await retry(() => download(part, file, origin, signal), { ...RETRY, signal, isTransient, onRetry });
    this.#outage.succeed({ sha256 });
  }

  /** Leaves a broken download to the next attempt, of whatever trainer. */
  async #leave(part: string, error: unknown): Promise<void> {
    const { code } = error as NodeJS.ErrnoException;
    // Another trainer took the download for dead. The loop of `fetch` waits for it.
    if (code === "ENOENT") return;
    if (code === "ENOSPC") await this.#folder.delete(part);
    else await this.#folder.free(part);
    throw error;
  }

  /** Deletes free files until a file fits, and waits for others that may become free. */
  async #makeRoom(part: string, ref: FileRef, signal: AbortSignal): Promise<void> {
    const deadlineMs = this.#clock.monotonicMs() + FRESH_MS + TOUCH_MS;
    for (;;) {
      const excess = await excessBytes(this.#folder, {
        needed: { path: part, sizeBytes: ref.sizeBytes },
        bytesMax: this.#options.bytesMax,
        used: this.#used,
      });
      if (excess <= 0) return;
      if (this.#clock.monotonicMs() > deadlineMs || ref.sizeBytes > this.#options.bytesMax)
        throw this.#noRoom(ref, excess);
      await this.#sleep(POLL_MS, signal);
    }
  }

  #noRoom({ sizeBytes }: FileRef, excess: number): FileUnavailableError {
    const { bytesMax } = this.#options;
    const room = `${this.#folder.path} has room for ${mebibytes(bytesMax)}, and files in use take the rest`;
    const advice = `raise SINTONIA_FILE_CACHE_MIB by ${Math.ceil(excess / 2 ** 20)} or more`;
    return new FileUnavailableError(`it has ${mebibytes(sizeBytes)} and does not fit: ${room}; ${advice}`);
  }

  async #touchAll(): Promise<void> {
    // Ignored: the next touch follows soon.
    for (const file of this.#used) await this.#folder.touch(file).catch(() => undefined);
  }
}

async function* counted(parts: AsyncIterable<Uint8Array>, repetition: Repetition): AsyncGenerator<Uint8Array> {
  for await (const bytes of parts) {
    repetition.note(bytes.length);
    yield bytes;
  }
}

function isSameState(one: FileState, other: FileState | undefined): boolean {
  return one.inode === other?.inode && one.changedMs === other.changedMs && one.sizeBytes === other.sizeBytes;
}

function unavailable(folder: string, error: unknown): unknown {
  if (error instanceof FileUnavailableError) return error;
  if (error instanceof OriginFault) return new FileUnavailableError(error.message, { cause: error });
  if ((error as NodeJS.ErrnoException).syscall === undefined) return error;
  // "no space left on device" of "ENOSPC: no space left on device, write".
  const reason = (error as Error).message.replace(/^[A-Z0-9]+: ([^,]+).*$/s, "$1");
  return new FileUnavailableError(`cannot use ${folder}: ${reason}`, { cause: error });
}

function mebibytes(bytes: number): string {
  return `${Math.ceil(bytes / 2 ** 20)} MiB`;
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await delay(ms, undefined, { signal });
}
