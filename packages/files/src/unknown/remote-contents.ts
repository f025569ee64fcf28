import { resolve } from "node:path";
import type { FileRef } from "@sintonia/protocol/file";
import type { Sha256 } from "@sintonia/protocol/names";
import { retry } from "@sintonia/runtime/backoff";
import { systemClock } from "@sintonia/runtime/clock";
import { CacheFolder } from "../cache/cache-folder.js";
import { digestOf } from "../cache/download.js";
import { excessBytes } from "../cache/eviction.js";
import { Repetition } from "../cache/repetition.js";
import { FileUnavailableError, OriginFault } from "../contract/file-source.js";
import { type RemoteAddress, RemoteFiles, type RemoteSettings } from "../remote/remote-files.js";
import { type Arrived, ContentDownload } from "./content-download.js";

/** Repeats after faults that may pass. With the delays between them they take ten seconds. */
const REPEATS_MAX = 5;

/** The folder and the logins of downloads. */
interface RemoteContentsOptions extends RemoteSettings {
  /** Folder of the cache, which trainers on this machine share. */
  readonly folder: string;
  /** Limit of the cache in bytes. */
  readonly bytesMax: number;
  /**
   * Wait after the first failure, in milliseconds.
   * @default 200
   */
  readonly delayMs?: number;
}

/** A file to fetch. */
export interface WantedContent {
  readonly address: RemoteAddress;
  /** The checksum that the file must have, if it is known. */
  readonly sha256?: Sha256 | undefined;
  readonly onProgress: (arrived: Arrived) => void;
  readonly signal: AbortSignal;
}

/** A file of this machine and its reference. */
export interface LocalContent {
  readonly path: string;
  readonly ref: FileRef;
}

/** Fetches files from servers into a cache, and finds out their checksums. */
export class RemoteContents {
  readonly #options: RemoteContentsOptions;
  readonly #folder: CacheFolder;
  readonly #remote: RemoteFiles;

  constructor(options: RemoteContentsOptions) {
    this.#options = options;
    this.#folder = new CacheFolder(resolve(options.folder), systemClock);
    this.#remote = new RemoteFiles(options);
  }

  /**
   * Returns a file of the cache. Downloads it, unless its checksum is known and the cache has it.
   *
   * @throws {FileUnavailableError} whose message is one line, in which "it" stands for the file
   * @throws the signal's reason if it is aborted
   */
  async fetch(wanted: WantedContent): Promise<LocalContent> {
    return (await this.#cached(wanted.sha256)) ?? (await this.#downloaded(wanted));
  }

  async #cached(sha256: Sha256 | undefined): Promise<LocalContent | undefined> {
    if (sha256 === undefined || (await this.#folder.use(sha256)) === undefined) return undefined;
    const path = this.#folder.pathOf(sha256);
    const found = await digestOf(path);
    return found.sha256 === sha256 ? { path, ref: { sha256, sizeBytes: found.sizeBytes } } : undefined;
  }

  async #downloaded(wanted: WantedContent): Promise<LocalContent> {
    const part = await this.#folder.draft();
    try {
      const ref = await this.#download(part, wanted);
      if (wanted.sha256 !== undefined && wanted.sha256 !== ref.sha256)
        throw new FileUnavailableError(
          `it changed: the spec names SHA-256 ${wanted.sha256}, and it has ${ref.sha256} (${ref.sizeBytes} bytes)`,
        );
      await this.#folder.complete(part, ref.sha256);
      return { path: this.#folder.pathOf(ref.sha256), ref };
    } catch (error) {
      await this.#folder.delete(part);
      wanted.signal.throwIfAborted();
      throw error instanceof OriginFault ? new FileUnavailableError(error.message, { cause: error }) : error;
    }
  }

  async #download(part: string, { address, onProgress, signal }: WantedContent): Promise<FileRef> {
    const download = new ContentDownload(this.#remote, address, part);
    const repetition = new Repetition(REPEATS_MAX);
    let done = 0;
    const onArrival = async (arrived: Arrived): Promise<void> => {
      if (arrived.bytesDone === 0) await this.#makeRoom(part, arrived.bytesTotal ?? 0);
      repetition.note(Math.max(0, arrived.bytesDone - done));
      done = arrived.bytesDone;
      onProgress(arrived);
    };
    const isTransient = (error: Error) => error instanceof OriginFault && repetition.mayRepeat(error.repeats);
    const { delayMs = 200 } = this.#options;
    return await retry(() => download.attempt(onArrival, signal), { delayMs, signal, isTransient });
  }

  async #makeRoom(part: string, sizeBytes: number): Promise<void> {
    const { bytesMax } = this.#options;
    const excess = await excessBytes(this.#folder, { needed: { path: part, sizeBytes }, bytesMax, used: new Set() });
    if (excess <= 0) return;
    const missing = Math.ceil(excess / 2 ** 20);
    throw new FileUnavailableError(
      `it does not fit into ${this.#folder.path}; raise SINTONIA_FILE_CACHE_MIB by ${missing} or more`,
    );
  }
}
