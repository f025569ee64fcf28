// The inputs of all studies that wait for their answers. Each holds the memory of the call behind
// it, so that their number bounds the memory of a coordinator under load.

import type { Clock } from "@sintonia/runtime/clock";
import type { ReportEpoch, StudyInput } from "../../core/boundary/input.js";

/**
 * Limit of the reports of epochs that wait. At 2,000 reports a second whose answers take 50 ms, 100
 * wait. Beyond this limit, more arrive than the coordinator can store, and each would wait so long
 * that its memory outlives the young generation of the heap.
 */
const REPORTS_MAX = 512;

/**
 * Limit of the waiting reports beyond which only those of trials find room whose report was refused
 * before. Otherwise trainers that report again at once would always be there first.
 */
const NEW_REPORTS_MAX = 384;

/** Limit of the trials whose refused report is remembered. Beyond it, the oldest is forgotten. */
const REFUSED_MAX = 10_000;

/** Limit of all calls that wait. A thousand trainers that ask for their first lease are below. */
const CALLS_MAX = 2_048;

/** Shortest time after which a caller shall repeat a refused call, in milliseconds. */
const RETRY_AFTER_MS = 500;

/**
 * Interval at which refused callers return, in milliseconds: 1,000 a second, whose refusals cost a
 * fraction of a core, whatever the number of callers.
 */
const RETURN_INTERVAL_MS = 1;

/**
 * Longest time after which a caller shall repeat a refused call, in milliseconds. A caller waits
 * for up to twice the time, which is less than the deadline of its call.
 */
const RETRY_AFTER_MAX_MS = 4_000;

/** Too many inputs wait for the log. The caller may repeat the call later. */
export class OverloadedError extends Error {
  override readonly name = "OverloadedError";
  readonly retryAfterMs: number;

  /**
   * @param what - the inputs that wait
   * @param retryAfterMs - time after which the caller shall repeat the call
   */
  constructor(what: string, retryAfterMs = RETRY_AFTER_MS) {
    super(`Too many ${what} wait for the study log. Repeat the call after ${retryAfterMs} ms.`);
    this.retryAfterMs = retryAfterMs;
  }
}

/** Inputs of the coordinator itself, which has few of them for each study. */
const OWN_INPUTS: ReadonlySet<StudyInput["type"]> = new Set<StudyInput["type"]>([
  "tick",
  "suggestions-ready",
  "contenders-ready",
  "selection-ready",
  "best-evaluated",
  "evaluation-failed",
  "effect-failed",
  "test-data-checked",
]);

/** Counts the inputs that wait in a process. */
export class WaitingInputs {
  readonly #clock: Clock;
  #calls = 0;
  #reports = 0;
  /** The trials whose last report was refused, the first one refused at the beginning. */
  readonly #refused = new Set<string>();
  /** Monotonic time at which the caller that was refused last shall return, in milliseconds. */
  #lastReturnMs = Number.NEGATIVE_INFINITY;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Returns the refusal of an input for which there is no room; undefined if there is room. */
  refusalOf(input: StudyInput): OverloadedError | undefined {
    if (input.type === "report-epoch" && !this.#hasRoomFor(input)) return this.refusal("reports of epochs");
    return this.#calls >= CALLS_MAX && !OWN_INPUTS.has(input.type) ? this.refusal("calls") : undefined;
  }

  /** Tells whether a report finds room. Remembers its trial until one does. */
  #hasRoomFor({ lease: { studyId, trialId } }: ReportEpoch): boolean {
    const trial = `${studyId}/${trialId}`;
    if (this.#reports < (this.#refused.has(trial) ? REPORTS_MAX : NEW_REPORTS_MAX)) {
      this.#refused.delete(trial);
      return true;
    }
    const [oldest] = this.#refused;
    if (oldest !== undefined && this.#refused.size >= REFUSED_MAX) this.#refused.delete(oldest);
    this.#refused.add(trial);
    return false;
  }

  /**
   * Returns a refusal. Its caller shall return after all who were refused before.
   *
   * @param what - the inputs that wait
   */
  refusal(what: string): OverloadedError {
    const nowMs = this.#clock.monotonicMs();
    const returnMs = Math.max(nowMs + RETRY_AFTER_MS, this.#lastReturnMs + RETURN_INTERVAL_MS);
    this.#lastReturnMs = Math.min(returnMs, nowMs + RETRY_AFTER_MAX_MS);
    return new OverloadedError(what, Math.round(this.#lastReturnMs - nowMs));
  }

  /**
   * Counts an input that waits.
   *
   * @returns a function that ends the counting, to be called once
   */
  add({ type }: StudyInput): () => void {
    if (OWN_INPUTS.has(type)) return () => undefined;
    const reports = type === "report-epoch" ? 1 : 0;
    this.#calls += 1;
    this.#reports += reports;
    return () => {
      this.#calls -= 1;
      this.#reports -= reports;
    };
  }
}
