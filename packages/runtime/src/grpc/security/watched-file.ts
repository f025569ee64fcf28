import { readFileSync, statSync } from "node:fs";

/** Shortest time from one look at a file to the next, in milliseconds. */
const LOOK_INTERVAL_MS = 1_000;

/** A file whose changes take effect without a restart. */
export interface WatchedFileOptions<T> {
  /** Parses the content. Throws an error whose message says what is wrong. */
  readonly parse: (content: Buffer) => T;
  /** Receives the fault of a changed file, once. The last good value stays. */
  readonly onFault: (error: Error) => void;
  /** Returns a time in milliseconds that only grows. */
  readonly nowMs?: () => number;
}

/**
 * A value in a file, which is read again after the file has changed: at most once a second, when
 * the value is asked for. A changed file that cannot be read or parsed changes nothing.
 */
export class WatchedFile<T> {
  readonly path: string;
  readonly #options: WatchedFileOptions<T>;
  #value: T;
  #version: string;
  #lookedAtMs: number;

  /** @throws {Error} if the file cannot be read or parsed */
  constructor(path: string, options: WatchedFileOptions<T>) {
    this.path = path;
    this.#options = options;
    this.#lookedAtMs = this.#nowMs();
    this.#version = versionOf(path);
    this.#value = options.parse(readFileSync(path));
  }

  /** Returns the present value. */
  get value(): T {
    if (this.#nowMs() - this.#lookedAtMs >= LOOK_INTERVAL_MS) this.#look();
    return this.#value;
  }

  #look(): void {
    this.#lookedAtMs = this.#nowMs();
    const version = versionOf(this.path);
    if (version === this.#version) return;
    this.#version = version;
    try {
      this.#value = this.#options.parse(readFileSync(this.path));
    } catch (error) {
      this.#options.onFault(error as Error);
    }
  }

  #nowMs(): number {
    return this.#options.nowMs?.() ?? performance.now();
  }
}

/** Returns a text that differs after a change, also of what a symbolic link names. */
function versionOf(path: string): string {
  const stat = statSync(path, { throwIfNoEntry: false, bigint: true });
  return stat === undefined ? "missing" : `${stat.ino} ${stat.size} ${stat.mtimeNs}`;
}
