import type { Clock } from "./clock.js";
import type { Logger } from "./logger.js";

/** Shortest time between two lines of one outage, in milliseconds. */
const REPEAT_MS = 60_000;

/** The constant messages of an outage's lines. */
export interface OutageMessages {
  /** Written at the first failure, then once a minute. */
  readonly failing: string;
  /** Written at the first success after a failure. */
  readonly over: string;
}

/**
 * The log of a call that is repeated until it succeeds. A long outage gives one line a minute
 * instead of one for each attempt.
 */
export class OutageLog {
  readonly #logger: Logger;
  readonly #clock: Pick<Clock, "monotonicMs">;
  readonly #messages: OutageMessages;
  #sinceMs: number | undefined;
  #loggedMs = 0;

  constructor(logger: Logger, clock: Pick<Clock, "monotonicMs">, messages: OutageMessages) {
    this.#logger = logger;
    this.#clock = clock;
    this.#messages = messages;
  }

  /** Notes a failed attempt. @param fields - the facts, with the reason */
  fail(fields: object): void {
    const now = this.#clock.monotonicMs();
    const isDue = this.#sinceMs === undefined || now - this.#loggedMs >= REPEAT_MS;
    this.#sinceMs ??= now;
    const seconds = Math.round((now - this.#sinceMs) / 1000);
    if (isDue) this.#loggedMs = now;
    this.#logger[isDue ? "warn" : "debug"]({ ...fields, seconds }, this.#messages.failing);
  }

  /** Notes a success. */
  succeed(fields: object = {}): void {
    if (this.#sinceMs === undefined) return;
    const seconds = Math.round((this.#clock.monotonicMs() - this.#sinceMs) / 1000);
    this.#sinceMs = undefined;
    this.#logger.info({ ...fields, seconds }, this.#messages.over);
  }
}
