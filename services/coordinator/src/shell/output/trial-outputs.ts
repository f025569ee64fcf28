// The output of trials: what trainers append, and what persons read and follow.

import type { StudyId } from "@sintonia/protocol/names";
import { endOf, type OutputPart } from "@sintonia/protocol/output";
import { findTrial, isOutstanding, type Study, type Trial } from "../../core/state/study.js";
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

/** The output of trials. */
export class TrialOutputs<Store extends ReadableOutputs = OutputStore> {
  readonly #store: Store;
  readonly #studies: Pick<Studies, "watch">;
  readonly #followers = new OutputFollowers();

  constructor(store: Store, studies: Pick<Studies, "watch">) {
    this.#store = store;
    this.#studies = studies;
  }

  /** Appends a part, as `OutputStore.append`, and wakes the readers that follow. */
  async append(this: TrialOutputs, key: OutputKey, part: OutputPart): Promise<number> {
    const endOffset = await this.#store.append(key, part);
    this.#followers.notify(key);
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
    if (follow && isOutstanding(trial)) return trial.attempt;
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
    const end = this.#endOfAttempt(key, AbortSignal.any([signal, gone.signal]));
    try {
      for (let next = from; ; ) {
        // A trainer sends the last output before it ends the attempt, so that a reading after the
        // end finds everything.
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

  /** Waits for the end of an attempt, or of the reader. */
  #endOfAttempt(key: OutputKey, signal: AbortSignal) {
    let hasCome = false;
    const come = async (): Promise<void> => {
      for await (const { study } of this.#studies.watch(key.studyId, signal) ?? []) {
        if (isAttemptOver(study, key)) break;
      }
      hasCome = true;
    };
    return { come: come(), hasCome: () => hasCome };
  }
}

function isAttemptOver(study: Study, { trialId, attempt }: OutputKey): boolean {
  const trial = findTrial(study, trialId);
  return trial === undefined || !isOutstanding(trial) || trial.attempt !== attempt;
}
