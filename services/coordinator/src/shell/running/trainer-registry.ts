import type { Clock } from "@sintonia/runtime/clock";
import { type Offer, UNKNOWN_OFFER } from "../../core/resources/fit.js";

/** Upper limit of known trainers, which bounds the memory. Further ones are unknown. */
const TRAINERS_MAX = 10_000;

/** A trainer that gives no sign of life any more. */
export interface GoneTrainer {
  readonly trainerId: string;
  /** Time since its last sign of life. */
  readonly silentMs: number;
}

/** A trainer that gave a sign of life within the time after which a trainer counts as gone. */
export interface LiveTrainer {
  readonly trainerId: string;
  readonly offer: Offer;
  /** Wall time of its first sign of life. */
  readonly since: Date;
  /** Wall time of its last sign of life. */
  readonly lastSeen: Date;
}

interface Known extends LiveTrainer {
  /** Monotonic time of its last sign of life, in milliseconds. */
  readonly seenAt: number;
}

/** The trainers by their signs of life. */
export class TrainerRegistry {
  readonly #clock: Clock;
  readonly #silenceMaxMs: number;
  readonly #known = new Map<string, Known>();

  /** @param silenceMaxMs - time without a sign of life after which a trainer counts as gone */
  constructor(clock: Clock, silenceMaxMs: number) {
    this.#clock = clock;
    this.#silenceMaxMs = silenceMaxMs;
  }

  /** Records a sign of life. Returns true if the trainer is new. */
  note(trainerId: string, offer = UNKNOWN_OFFER): boolean {
    const known = this.#known.get(trainerId);
    if (known === undefined && this.#known.size >= TRAINERS_MAX) return false;
    const [lastSeen, seenAt] = [this.#clock.wallTime(), this.#clock.monotonicMs()];
    this.#known.set(trainerId, { trainerId, offer, since: known?.since ?? lastSeen, lastSeen, seenAt });
    return known === undefined;
  }

  /** Returns the ids of the live trainers. */
  live(): readonly string[] {
    return this.trainers().map(({ trainerId }) => trainerId);
  }

  /** Returns the live trainers, in the order in which they appeared. */
  trainers(): readonly LiveTrainer[] {
    const limit = this.#clock.monotonicMs() - this.#silenceMaxMs;
    return [...this.#known.values()].filter(({ seenAt }) => seenAt > limit);
  }

  /** Forgets the trainers that are gone, and returns them. */
  takeGone(): readonly GoneTrainer[] {
    const now = this.#clock.monotonicMs();
    const gone = [...this.#known.values()]
      .map(({ trainerId, seenAt }) => ({ trainerId, silentMs: now - seenAt }))
      .filter(({ silentMs }) => silentMs >= this.#silenceMaxMs);
    for (const { trainerId } of gone) this.#known.delete(trainerId);
    return gone;
  }
}
