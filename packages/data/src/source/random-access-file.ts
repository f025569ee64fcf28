import { type FileHandle, open } from "node:fs/promises";
import { DataError } from "../error/data-error.js";
import type { DataFile } from "./data-file.js";
import { changed, checkIsFile, unreadable } from "./file-faults.js";

/** A file whose parts are read in any order. The caller closes it. */
export class RandomAccessFile {
  readonly byteLength: number;
  readonly #file: DataFile;
  readonly #handle: FileHandle;
  readonly #modifiedMs: number;

  static async open(file: DataFile): Promise<RandomAccessFile> {
    let handle: FileHandle | undefined;
    try {
      handle = await open(file.path);
      const stats = await handle.stat();
      checkIsFile(file, stats);
      return new RandomAccessFile(file, handle, stats.size, stats.mtimeMs);
    } catch (error) {
      await handle?.close();
      throw unreadable(file, error);
    }
  }

  private constructor(file: DataFile, handle: FileHandle, byteLength: number, modifiedMs: number) {
    this.#file = file;
    this.#handle = handle;
    this.byteLength = byteLength;
    this.#modifiedMs = modifiedMs;
  }

  /** Returns the bytes [start, end). */
  async slice(start: number, end = this.byteLength): Promise<ArrayBuffer> {
    const bytes = new Uint8Array(end - start);
    await this.readInto(bytes, start);
    return bytes.buffer;
  }

  /** Fills `bytes` from a position of the file. */
  async readInto(bytes: Uint8Array, position: number): Promise<void> {
    for (let filled = 0; filled < bytes.length; ) {
      const { bytesRead } = await this.#handle.read(bytes, filled, bytes.length - filled, position + filled);
      if (bytesRead === 0) throw new DataError("content", { file: this.#file.name }, "the file ends too early");
      filled += bytesRead;
    }
  }

  /** @throws {DataError} `unreadable`, if the file changed since it was opened */
  async checkUnchanged(): Promise<void> {
    const { size, mtimeMs } = await this.#handle.stat();
    if (size !== this.byteLength || mtimeMs !== this.#modifiedMs) throw changed(this.#file);
  }

  async close(): Promise<void> {
    await this.#handle.close();
  }
}
