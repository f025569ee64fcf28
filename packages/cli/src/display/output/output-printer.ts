import { once } from "node:events";
import { grouped } from "../../study/number-text.js";
import type { OutputPiece } from "../../study/output/read-output.js";
import type { TerminalStream } from "../display.js";
import { TerminalText } from "./terminal-text.js";

const LINE_FEED = 0x0a;

/**
 * Prints the output of a program: for a terminal without the characters that it would obey, for a
 * file or a pipe byte by byte.
 */
export class OutputPrinter {
  readonly #stream: TerminalStream;
  readonly #text: TerminalText | undefined;
  #isLineOpen = false;
  #hasFailed = false;

  constructor(stream: TerminalStream) {
    this.#stream = stream;
    // Standard output stays writable after an error, such as that of a pipe whose reader has left.
    stream.once("error", () => {
      this.#hasFailed = true;
    });
    this.#text = stream.isTTY === true ? new TerminalText() : undefined;
  }

  /** False once the stream takes no more, as when its reader has left. */
  get isOpen(): boolean {
    return this.#stream.writable && !this.#hasFailed;
  }

  /** Prints a piece, with a line in place of the bytes that are missing before it. */
  async print({ missingBytes, bytes }: OutputPiece): Promise<void> {
    if (missingBytes > 0) {
      await this.end();
      const start = this.#isLineOpen ? "\n" : "";
      await this.#write(Buffer.from(`${start}[... ${grouped(missingBytes)} bytes are missing here ...]\n`));
    }
    await this.#write(this.#text === undefined ? bytes : Buffer.from(this.#text.push(bytes)));
  }

  /** Prints what was held back; on a terminal, ends an open line. */
  async end(): Promise<void> {
    if (this.#text === undefined) return;
    await this.#write(Buffer.from(this.#text.end()));
    if (this.#isLineOpen) await this.#write(Buffer.from("\n"));
  }

  async #write(bytes: Uint8Array): Promise<void> {
    if (bytes.length === 0 || !this.isOpen) return;
    this.#isLineOpen = bytes.at(-1) !== LINE_FEED;
    if (!this.#stream.write(bytes)) await this.#drained();
  }

  /** Waits until the stream takes more, or its reader has left. */
  async #drained(): Promise<void> {
    const gone = new AbortController();
    const { signal } = gone;
    // Ignored: the program reports an error of standard output.
    const closed = once(this.#stream, "close", { signal }).catch(() => undefined);
    await Promise.race([once(this.#stream, "drain", { signal }).catch(() => undefined), closed]);
    gone.abort();
  }
}
