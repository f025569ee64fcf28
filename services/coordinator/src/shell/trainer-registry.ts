import type { Clock } from "@sintonia/runtime/clock";

/** Knows which trainers are alive, from their heartbeats. Holds one entry per live trainer. */
export class TrainerRegistry {
  readonly #clock: Clock;
  readonly #silenceMaxMs: number;
  readonly #heardAt = new Map<string, number>();

  /** @param silenceMaxMs - a trainer that was not heard of for so long counts as gone */
  constructor(clock: Clock, silenceMaxMs: number) {
    this.#clock = clock;
    this.#silenceMaxMs = silenceMaxMs;
  }

  /** Notes a sign of life. Returns whether the trainer is new. */
  hear(trainerId: string): boolean {
    const isNew = !this.#heardAt.has(trainerId);
    this.#heardAt.set(trainerId, this.#clock.monotonicMs());
    return isNew;
  }

  /** How many trainers are alive now. */
  count(): number {
    const limit = this.#clock.monotonicMs() - this.#silenceMaxMs;
    for (const [trainerId, heardAt] of this.#heardAt) if (heardAt <= limit) this.#heardAt.delete(trainerId);
    return this.#heardAt.size;
  }
}
