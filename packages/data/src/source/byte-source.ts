import { type FileHandle, open } from "node:fs/promises";
import { Readable } from "node:stream";
import { createGunzip } from "node:zlib";
import { DataError } from "../error/data-error.js";
import type { DataFile, Progress } from "./data-file.js";
import { changed, checkIsFile, unreadable } from "./file-faults.js";
import { StreamSource } from "./stream-source.js";

/** The bytes of a file in order, uncompressed. The caller closes it. */
export interface ByteSource {
  /**
   * Fills a part of `into` and returns the number of bytes, 0 at the end of the file.
   *
   * @throws {DataError} `unreadable`; also at the end, if the file changed since it was opened
   */
  read(into: Uint8Array): Promise<number>;
  close(): Promise<void>;
}

/** Opens a file; gzip is found by its first bytes. */
export async function openBytes(file: DataFile, onProgress: Progress): Promise<ByteSource> {
  const opened = await OpenFile.open(file, onProgress);
  return (await opened.isGzip()) ? new GzipSource(opened) : opened;
}

/** Bytes that one read asks for: large enough that calls cost nothing beside the parsing. */
export const BLOCK_BYTES = 2 ** 20;

class OpenFile implements ByteSource {
  readonly file: DataFile;
  readonly #handle: FileHandle;
  readonly #onProgress: Progress;
  readonly #sizeBytes: number;
  readonly #modifiedMs: number;
  #position = 0;

  static async open(file: DataFile, onProgress: Progress): Promise<OpenFile> {
    let handle: FileHandle | undefined;
    try {
      handle = await open(file.path);
      const stats = await handle.stat();
      checkIsFile(file, stats);
      return new OpenFile(file, handle, onProgress, stats.size, stats.mtimeMs);
    } catch (error) {
      await handle?.close();
      throw unreadable(file, error);
    }
  }

  private constructor(file: DataFile, handle: FileHandle, onProgress: Progress, sizeBytes: number, modifiedMs: number) {
    this.file = file;
    this.#handle = handle;
    this.#onProgress = onProgress;
    this.#sizeBytes = sizeBytes;
    this.#modifiedMs = modifiedMs;
  }

  async isGzip(): Promise<boolean> {
    const bytes = new Uint8Array(2);
    await this.#handle.read(bytes, 0, 2, 0);
    return bytes[0] === 0x1f && bytes[1] === 0x8b;
  }

  async read(into: Uint8Array): Promise<number> {
    try {
      const { bytesRead } = await this.#handle.read(into, 0, into.length, this.#position);
      this.#position += bytesRead;
      if (bytesRead === 0 || this.#position > this.#sizeBytes) await this.#checkUnchanged();
      this.#onProgress(Math.min(1, this.#position / this.#sizeBytes));
      return bytesRead;
    } catch (error) {
      throw unreadable(this.file, error);
    }
  }

  /** Returns the compressed bytes as a stream. */
  async *stream(): AsyncGenerator<Uint8Array> {
    for (;;) {
      const bytes = new Uint8Array(BLOCK_BYTES / 4);
      const read = await this.read(bytes);
      if (read === 0) return;
      yield bytes.subarray(0, read);
    }
  }

  async close(): Promise<void> {
    await this.#handle.close();
  }

  async #checkUnchanged(): Promise<void> {
    const { size, mtimeMs } = await this.#handle.stat();
    if (this.#position === this.#sizeBytes && size === this.#sizeBytes && mtimeMs === this.#modifiedMs) return;
    throw changed(this.file);
  }
}

class GzipSource implements ByteSource {
  readonly #opened: OpenFile;
  readonly #stream: StreamSource;

  constructor(opened: OpenFile) {
    this.#opened = opened;
    const input = Readable.from(opened.stream(), { objectMode: false });
    const gunzip = createGunzip();
    // The stream below delivers the errors of both.
    input.on("error", (error) => gunzip.destroy(error));
    this.#stream = new StreamSource(input.pipe(gunzip));
  }

  async read(into: Uint8Array): Promise<number> {
    try {
      return await this.#stream.read(into);
    } catch (error) {
      if (error instanceof DataError) throw error;
      const reason = error instanceof Error ? error.message : String(error);
      throw new DataError("content", { file: this.#opened.file.name }, `damaged gzip data: ${reason}`, {
        cause: error,
      });
    }
  }

  async close(): Promise<void> {
    await this.#stream.close();
    await this.#opened.close();
  }
}
