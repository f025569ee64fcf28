import type { Socket } from "node:net";
import { setTimeout as delay, setImmediate as nextTurn } from "node:timers/promises";
import type { Line } from "../output/line-splitter.js";
import { FileTail } from "./file-tail.js";

/** Interval in ms at which files are read while the program runs. */
const FILE_POLL_MS = 100;
/** Interval in ms at which the silence of the pipes is measured. */
const QUIET_POLL_MS = 25;

/**
 * Takes a part of what a program wrote. Does not throw. The next part follows when the promise
 * settles.
 */
type Take<T> = (part: T) => Promise<void> | void;

/**
 * The channels on which a program speaks. Their parts are taken one after the other, so memory
 * stays bounded however fast the program writes.
 */
export class Channels {
  readonly #sockets: Socket[] = [];
  readonly #pipeReaders: Promise<void>[] = [];
  readonly #files: Array<{ readonly tail: FileTail; readonly take: Take<Line> }> = [];
  readonly #closing = new AbortController();
  #fileReader: Promise<void> = Promise.resolve();
  #takenMs = 0;
  #takingCount = 0;

  /**
   * Begins to read a pipe.
   *
   * @param end - called after the last part, unless the pipe was closed here
   */
  readPipe(socket: Socket, take: Take<Buffer>, end: () => Promise<void> = async () => {}): void {
    this.#sockets.push(socket);
    this.#pipeReaders.push(this.#drainPipe(socket, take, end));
  }

  /** Adds a file whose lines are read while the program runs. */
  addFile(path: string, lengthMax: number, take: Take<Line>): void {
    this.#files.push({ tail: new FileTail(path, lengthMax), take });
  }

  /** Begins to read the files. */
  start(): void {
    this.#fileReader = this.#pollFiles();
  }

  /**
   * Waits until every pipe was read to its end. Gives up when processes that still hold a pipe have
   * been silent for `quietMs`, or have written for `limitMs`. The time for which the caller takes a
   * part does not count.
   *
   * @returns true if every pipe was read to its end
   */
  async drained(quietMs: number, limitMs: number): Promise<boolean> {
    let isDone = false;
    const done = Promise.all(this.#pipeReaders).then(() => {
      isDone = true;
    });
    this.#takenMs = performance.now();
    for (let idleMs = 0; !isDone && idleMs < limitMs; ) {
      await Promise.race([done, delay(QUIET_POLL_MS)]);
      if (this.#takingCount > 0) continue;
      idleMs += QUIET_POLL_MS;
      if (performance.now() - this.#takenMs >= quietMs) break;
    }
    return isDone;
  }

  /** Reads the rest of the files, and closes the pipes. Nothing is taken afterwards. */
  async close(): Promise<void> {
    this.#closing.abort();
    for (const socket of this.#sockets) socket.destroy();
    await Promise.all([...this.#pipeReaders, this.#fileReader]);
    for (const { tail, take } of this.#files) {
      for await (const line of tail.read()) await take(line);
      for (const line of tail.end()) await take(line);
    }
  }

  async #drainPipe(socket: Socket, take: Take<Buffer>, end: () => Promise<void>): Promise<void> {
    try {
      for await (const bytes of socket as AsyncIterable<Buffer>) {
        this.#takingCount++;
        await take(bytes);
        this.#takingCount--;
        this.#takenMs = performance.now();
        // Timers and other connections get their turn, however fast the program writes.
        await nextTurn();
      }
      this.#takingCount++;
      await end();
      this.#takingCount--;
    } catch {
      // Ignored: the pipe was closed here, and `take` does not throw.
    }
  }

  async #pollFiles(): Promise<void> {
    const { signal } = this.#closing;
    while (!signal.aborted) {
      for (const { tail, take } of this.#files) {
        for await (const line of tail.read()) await take(line);
      }
      await delay(FILE_POLL_MS, undefined, { signal }).catch(() => {});
    }
  }
}
