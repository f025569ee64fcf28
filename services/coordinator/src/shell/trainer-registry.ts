import type { Clock } from "@sintonia/runtime/clock";

/** Counts live trainers by their calls. Holds one entry per live trainer. */
export class TrainerRegistry {
  readonly #clock: Clock;
  readonly #silenceMaxMs: number;
  readonly #heardAt = new Map<string, number>();

  /** @param silenceMaxMs - time without a call after which a trainer counts as gone */
  constructor(clock: Clock, silenceMaxMs: number) {
    this.#clock = clock;
    this.#silenceMaxMs = silenceMaxMs;
  }

  /** Records a sign of life. Returns true if the trainer is new. */
  hear(trainerId: string): boolean {
    const isNew = !this.#heardAt.has(trainerId);
    this.#heardAt.set(trainerId, this.#clock.monotonicMs());
    return isNew;
  }

  /** Returns the number of live trainers. */
  count(): number {
    const limit = this.#clock.monotonicMs() - this.#silenceMaxMs;
    for (const [trainerId, heardAt] of this.#heardAt) if (heardAt <= limit) this.#heardAt.delete(trainerId);
    return this.#heardAt.size;
  }
}
