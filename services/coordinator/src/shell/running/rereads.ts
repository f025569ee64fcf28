// Studies whose log a former leader has written to: they are read again by the leader.

import { retry } from "@sintonia/runtime/backoff";
import { type Clock, sleep, type Timers } from "@sintonia/runtime/clock";
import { StoreUnavailableError } from "../../ports/study-log.js";

/** Delays before a study is read again that another process keeps writing to. */
const REREAD_DELAY_MS = 250;
const REREAD_DELAY_MAX_MS = 30_000;

/** Delay before a leader asks again whether it still leads, while the store does not answer. */
const CONFIRM_AGAIN_MS = 500;

/** The ports of the second reading. */
interface RereadContext {
  readonly clock: Clock;
  readonly timers: Timers;
  /** Aborted when the process stops or no longer leads. */
  readonly signal: AbortSignal;
}

/** Decides when a study is read again, and reads it. */
export class Rereads {
  readonly #context: RereadContext;
  /** The last time that each study was read again, and how often in a row. */
  readonly #last = new Map<string, { readonly atMs: number; readonly count: number }>();

  constructor(context: RereadContext) {
    this.#context = context;
  }

  /** Waits until this coordinator is known to lead. Returns false if its term ends instead. */
  async whenLeading(confirmLeadership: () => Promise<boolean>): Promise<boolean> {
    const { signal, timers } = this.#context;
    while (!signal.aborted && !(await confirmLeadership())) await sleep(CONFIRM_AGAIN_MS, timers, signal);
    return !signal.aborted;
  }

  /**
   * Reads a study again, and repeats this while the store is unavailable.
   *
   * @throws what `read` throws, unless the term has ended
   */
  async reread(studyId: string, read: () => Promise<void>): Promise<void> {
    const { signal, timers } = this.#context;
    await sleep(this.#delayMs(studyId), timers, signal);
    const isTransient = (fault: Error): boolean => fault instanceof StoreUnavailableError;
    await retry(read, { signal, timers, isTransient }).catch((fault: unknown) => {
      if (!signal.aborted) throw fault;
    });
  }

  /** Returns the delay before a study is read again, which grows while this happens repeatedly. */
  #delayMs(studyId: string): number {
    const nowMs = this.#context.clock.monotonicMs();
    const last = this.#last.get(studyId);
    const count = last === undefined || nowMs - last.atMs > 2 * REREAD_DELAY_MAX_MS ? 0 : last.count + 1;
    this.#last.set(studyId, { atMs: nowMs, count });
    return count === 0 ? 0 : Math.min(REREAD_DELAY_MAX_MS, REREAD_DELAY_MS * 2 ** count);
  }
}
