import { createHash } from "node:crypto";

/** Number of lines that a failure shows. */
const LAST = 50;

/** The lines of a run: a digest of all of them, and the latest ones. */
export class Trace {
  readonly #digest = createHash("sha256");
  readonly #last: string[] = [];
  readonly #nowMs: () => number;
  /** Receives each line. */
  listener: ((line: string) => void) | undefined;

  constructor(nowMs: () => number) {
    this.#nowMs = nowMs;
  }

  note(text: string): void {
    const line = `${this.#nowMs()} ${text}`;
    this.#digest.update(`${line}\n`);
    this.#last.push(line);
    if (this.#last.length > 2 * LAST) this.#last.splice(0, LAST);
    this.listener?.(line);
  }

  /** Returns the latest lines, oldest first. */
  last(): readonly string[] {
    return this.#last.slice(-LAST);
  }

  /** Returns the SHA-256 of all lines so far. */
  digest(): string {
    return this.#digest.copy().digest("hex");
  }
}
