import { constants } from "node:fs";
import { type FileHandle, lstat, open } from "node:fs/promises";
import { type Line, LineSplitter } from "../output/line-splitter.js";

const CHUNK_BYTES = 65_536;

/**
 * Reads the lines of a file that a program appends to. A file that shrinks or is replaced is read
 * from its start.
 */
export class FileTail {
  readonly #path: string;
  readonly #lengthMax: number;
  readonly #buffer = Buffer.alloc(CHUNK_BYTES);
  #splitter: LineSplitter;
  #inode = 0;
  #offset = 0;

  constructor(path: string, lengthMax: number) {
    this.#path = path;
    this.#lengthMax = lengthMax;
    this.#splitter = new LineSplitter(lengthMax);
  }

  /** Returns the complete lines that were appended since the last read. */
  async *read(): AsyncGenerator<Line> {
    const file = await this.#openGrown();
    if (file === undefined) return;
    try {
      for (;;) {
        const { bytesRead } = await file.read(this.#buffer, 0, CHUNK_BYTES, this.#offset);
        if (bytesRead === 0) return;
        this.#offset += bytesRead;
        yield* this.#splitter.push(this.#buffer.subarray(0, bytesRead));
      }
    } finally {
      await file.close();
    }
  }

  /** Returns the last line if no line break ended it. Nothing is appended any more. */
  end(): Line[] {
    return this.#splitter.end();
  }

  /**
   * Opens the file if it has new bytes. A link, which could lead out of the folder, is not
   * followed.
   */
  async #openGrown(): Promise<FileHandle | undefined> {
    const state = await lstat(this.#path).catch(() => undefined);
    if (state === undefined || !state.isFile()) return undefined;
    if (state.ino !== this.#inode || state.size < this.#offset) {
      this.#inode = state.ino;
      this.#offset = 0;
      this.#splitter = new LineSplitter(this.#lengthMax);
    }
    if (state.size === this.#offset) return undefined;
    const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;
    return await open(this.#path, flags).catch(() => undefined);
  }
}
