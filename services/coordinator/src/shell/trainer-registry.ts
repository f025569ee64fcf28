import type { Clock } from "@sintonia/runtime/clock";

/** Counts the live trainers. Holds one entry for each. */
export class TrainerRegistry {
  readonly #clock: Clock;
  readonly #silenceMaxMs: number;
  readonly #seenAt = new Map<string, number>();

  /** @param silenceMaxMs - time without a sign of life after which a trainer counts as dead */
  constructor(clock: Clock, silenceMaxMs: number) {
    this.#clock = clock;
    this.#silenceMaxMs = silenceMaxMs;
  }

  /** Records a sign of life. Returns true if the trainer is new. */
  note(trainerId: string): boolean {
    const isNew = !this.#seenAt.has(trainerId);
    this.#seenAt.set(trainerId, this.#clock.monotonicMs());
    return isNew;
  }

  /** Returns the number of live trainers. */
  count(): number {
    const limit = this.#clock.monotonicMs() - this.#silenceMaxMs;
    for (const [trainerId, seenAt] of this.#seenAt) if (seenAt <= limit) this.#seenAt.delete(trainerId);
    return this.#seenAt.size;
  }
}
