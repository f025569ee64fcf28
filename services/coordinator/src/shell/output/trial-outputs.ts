// The output of trials: what trainers append, and what persons read and follow.

import type { StudyId } from "@sintonia/protocol/names";
import { endOf, type OutputPart } from "@sintonia/protocol/output";
import { sleep, systemTimers, type Timers } from "@sintonia/runtime/clock";
import { findTrial, hasEnded, isLeased, type Study, type Trial } from "../../core/state/study.js";
import type { OutputKey, OutputStore } from "../../ports/output-store.js";
import type { Studies } from "../studies.js";
import { type Follower, OutputFollowers } from "./output-followers.js";

/** The part of a store that an archive needs. */
type ReadableOutputs = Pick<OutputStore, "read" | "attempts">;

/** What a reader asks for. */
interface Reading {
  /** Offset of the first byte. */
  readonly from: number;
  /** True to wait for more output until the attempt ends. */
  readonly follow: boolean;
  readonly signal: AbortSignal;
}

/**
 * Time beyond a program's grace for the last words of a cancelled trial, in milliseconds: the next
 * heartbeat of the trainer, the time before SIGTERM, and the last calls. A trainer that is gone
 * sends none, so that the wait has an end.
 */
const LAST_WORDS_MS = 20_000;

/** The output of trials. */
export class TrialOutputs<Store extends ReadableOutputs = OutputStore> {
  readonly #store: Store;
  readonly #studies: Pick<Studies, "watch">;
  readonly #timers: Timers;
  readonly #followers = new OutputFollowers();

  constructor(store: Store, studies: Pick<Studies, "watch">, timers: Timers = systemTimers) {
    this.#store = store;
    this.#studies = studies;
    this.#timers = timers;
  }

  /**
   * Appends a part, as `OutputStore.append`, and wakes the readers that follow.
   *
   * @param isLast - true if the attempt writes no more. The part may then be empty
   */
  async append(this: TrialOutputs, key: OutputKey, part: OutputPart, isLast: boolean): Promise<number> {
    const isEmpty = part.bytes.length === 0;
    const endOffset = isEmpty ? part.offset : await this.#store.append(key, part);
    if (!isEmpty) this.#followers.notify(key);
    if (isLast) this.#followers.end(key);
    return endOffset;
  }

  /**
   * Deletes the output of a former study, before another one is created under its id. A fault costs
   * output at most, which is no reason to refuse a study.
   */
  async forget(this: TrialOutputs, studyId: StudyId): Promise<void> {
    // Ignored: the trials of the study then lack the beginning of their output.
    await this.#store.deleteStudy(studyId).catch(() => undefined);
  }

  /**
   * Returns the attempt that a reader means without a number: the newest one that has output, or
   * else the present one. A trial that goes on is followed in its present attempt.
   *
   * @throws {StoreUnavailableError}
   */
  async attemptOf({ id: studyId }: Study, trial: Trial, follow: boolean): Promise<number> {
    if (follow && !hasEnded(trial)) return trial.attempt;
    return (await this.#store.attempts({ studyId, trialId: trial.id })).at(-1) ?? trial.attempt;
  }

  /**
   * Yields the kept parts of an output. With `follow`, yields the later parts until the attempt has
   * ended. A reader that is slower than the program misses parts.
   *
   * @throws {StoreUnavailableError}
   */
  async *read(key: OutputKey, reading: Reading): AsyncGenerator<OutputPart> {
    if (reading.follow) yield* this.#followers.following(key, (follower) => this.#follow(key, reading, follower));
    else yield* await this.#store.read(key, reading.from);
  }

  async *#follow(key: OutputKey, { from, signal }: Reading, follower: Follower): AsyncGenerator<OutputPart> {
    const gone = new AbortController();
    const end = this.#endOfOutput(key, follower, AbortSignal.any([signal, gone.signal]));
    try {
      for (let next = from; ; ) {
        const isLast = end.hasCome();
        for (const part of await this.#store.read(key, next)) {
          yield part;
          next = endOf(part);
        }
        if (isLast) return;
        await Promise.race([follower.more(), end.come]);
      }
    } finally {
      gone.abort();
    }
  }

  /** Waits for the end of an output, or of the reader. A reading after the end finds everything. */
  #endOfOutput(key: OutputKey, { ended }: Follower, signal: AbortSignal) {
    let hasCome = false;
    const come = async (): Promise<void> => {
      const waitMs = await this.#endOfAttempt(key, signal);
      if (waitMs > 0) await Promise.race([ended, sleep(waitMs, this.#timers, signal)]);
      hasCome = true;
    };
    return { come: come(), hasCome: () => hasCome };
  }

  /**
   * Waits for the end of an attempt, and returns the time within which output may follow, in
   * milliseconds. A trainer sends the last output before it ends an attempt. It learns of a
   * cancellation later, and its program may then still write.
   */
  async #endOfAttempt(key: OutputKey, signal: AbortSignal): Promise<number> {
    let wasLeased = false;
    for await (const { study } of this.#studies.watch(key.studyId, signal) ?? []) {
      const trial = findTrial(study, key.trialId);
      if (trial === undefined || trial.attempt !== key.attempt) return 0;
      if (hasEnded(trial)) return wasLeased && trial.state === "cancelled" ? lastWordsMs(study) : 0;
      wasLeased = isLeased(trial);
    }
    return 0;
  }
}

function lastWordsMs({ spec: { program } }: Study): number {
  return program === undefined ? 0 : program.graceSeconds * 1000 + LAST_WORDS_MS;
}
