import { endOf, OUTPUT_CHUNK_MAX_BYTES, type OutputPart } from "@sintonia/protocol/output";
import type { Clock } from "@sintonia/runtime/clock";
import type { TrialOutput } from "../../../ports/output-sink.js";
import { OutputWindow } from "./output-window.js";

/** Interval in ms of the decisions whether to send; it bounds the calls to four a second. */
const TICK_MS = 250;
/** Time in ms after which a short output is sent. */
const SEND_AFTER_MS = 1_000;
/** Length in bytes from which an output is sent at the next tick. */
const SEND_BYTES = 32 * 1024;
/** Time limit in ms of the last calls: the end of a trial waits no longer for its output. */
const CLOSE_MS = 3_000;

/**
 * The outcome of a call: `unanswered` passes within seconds, `unstored` may take a person to mend,
 * after `refused` no call will succeed.
 */
export type SendOutcome = "sent" | "unanswered" | "unstored" | "refused";

/** A part of an output, and whether the attempt writes no more. */
export interface LabelledPart extends OutputPart {
  readonly isLast: boolean;
}

/** The dependencies of the output of an attempt. */
interface AttemptOutputContext {
  /** Sends a part to the coordinator, which may be empty if it is the last one. Does not reject. */
  readonly send: (part: LabelledPart, signal: AbortSignal) => Promise<SendOutcome>;
  readonly clock: Pick<Clock, "monotonicMs">;
}

/** The output of an attempt, which is sent one call at a time. */
export class AttemptOutput implements TrialOutput {
  readonly #context: AttemptOutputContext;
  readonly #window = new OutputWindow();
  readonly #calls = new AbortController();
  readonly #ticker: NodeJS.Timeout;
  #sentOffset = 0;
  #sentMs: number;
  #sending: Promise<unknown> | undefined;
  #isRefused = false;
  #isClosing = false;
  /** True once the coordinator knows that nothing more comes. */
  #isEnded = false;
  #closed: Promise<void> | undefined;

  constructor(context: AttemptOutputContext) {
    this.#context = context;
    this.#sentMs = context.clock.monotonicMs();
    this.#ticker = setInterval(() => this.#tick(), TICK_MS);
    this.#ticker.unref();
  }

  write(bytes: Uint8Array): void {
    if (!this.#isRefused) this.#window.append(bytes);
  }

  close(): Promise<void> {
    this.#closed ??= this.#sendRest();
    return this.#closed;
  }

  #tick(): void {
    if (this.#sending !== undefined || !this.#isDue()) return;
    this.#sending = this.#sendNext().finally(() => {
      this.#sending = undefined;
    });
  }

  #isDue(): boolean {
    const waitingBytes = this.#window.endOffset - this.#sentOffset;
    const sinceMs = this.#context.clock.monotonicMs() - this.#sentMs;
    return this.#hasMore() && (waitingBytes >= SEND_BYTES || sinceMs >= SEND_AFTER_MS);
  }

  async #sendRest(): Promise<void> {
    clearInterval(this.#ticker);
    const limit = setTimeout(() => this.#calls.abort(), CLOSE_MS);
    await this.#sending;
    this.#isClosing = true;
    while (this.#hasMore()) {
      const outcome = await this.#sendNext();
      if (outcome === "unstored") break;
      if (outcome === "unanswered" && this.#hasMore()) await new Promise((resolve) => setTimeout(resolve, TICK_MS));
    }
    clearTimeout(limit);
  }

  #hasMore(): boolean {
    if (this.#isRefused || this.#calls.signal.aborted) return false;
    return this.#sentOffset < this.#window.endOffset || (this.#isClosing && !this.#isEnded);
  }

  async #sendNext(): Promise<SendOutcome> {
    const part = this.#nextPart();
    if (part === undefined) return "sent";
    const outcome = await this.#context.send(part, this.#calls.signal);
    this.#sentMs = this.#context.clock.monotonicMs();
    if (outcome === "sent") {
      this.#sentOffset = endOf(part);
      this.#isEnded = part.isLast;
    }
    if (outcome === "refused") this.#isRefused = true;
    return outcome;
  }

  #nextPart(): LabelledPart | undefined {
    const part = this.#window.next(this.#sentOffset, OUTPUT_CHUNK_MAX_BYTES);
    if (part !== undefined) return { ...part, isLast: this.#isClosing && endOf(part) === this.#window.endOffset };
    return this.#isClosing ? { offset: this.#sentOffset, bytes: new Uint8Array(), isLast: true } : undefined;
  }
}
