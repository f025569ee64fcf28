import type { Clock } from "@sintonia/runtime/clock";

/** Upper limit of known trainers, which bounds the memory. Further ones are unknown. */
const TRAINERS_MAX = 10_000;

/** A trainer that gives no sign of life any more. */
export interface GoneTrainer {
  readonly trainerId: string;
  /** Time since its last sign of life. */
  readonly silentMs: number;
}

/** The trainers by their signs of life. */
export class TrainerRegistry {
  readonly #clock: Clock;
  readonly #silenceMaxMs: number;
  readonly #seenAt = new Map<string, number>();

  /** @param silenceMaxMs - time without a sign of life after which a trainer counts as gone */
  constructor(clock: Clock, silenceMaxMs: number) {
    this.#clock = clock;
    this.#silenceMaxMs = silenceMaxMs;
  }

  /** Records a sign of life. Returns true if the trainer is new. */
  note(trainerId: string): boolean {
    const isNew = !this.#seenAt.has(trainerId);
    if (isNew && this.#seenAt.size >= TRAINERS_MAX) return false;
    this.#seenAt.set(trainerId, this.#clock.monotonicMs());
    return isNew;
  }

  /** Returns the ids of the live trainers. */
  live(): readonly string[] {
    const limit = this.#clock.monotonicMs() - this.#silenceMaxMs;
    return [...this.#seenAt].filter(([, seenAt]) => seenAt > limit).map(([trainerId]) => trainerId);
  }

  /** Forgets the trainers that are gone, and returns them. */
  takeGone(): readonly GoneTrainer[] {
    const now = this.#clock.monotonicMs();
    const gone = [...this.#seenAt]
      .map(([trainerId, seenAt]) => ({ trainerId, silentMs: now - seenAt }))
      .filter(({ silentMs }) => silentMs >= this.#silenceMaxMs);
    for (const { trainerId } of gone) this.#seenAt.delete(trainerId);
    return gone;
  }
}
