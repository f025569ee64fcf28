// A cluster in one thread: virtual time, and a network that loses, duplicates, delays and reorders
// messages. One seed determines everything.

import { createRandom, type Random } from "@sintonia/tuning/random/random";

/** Rates of faults: probabilities per message or per second, in [0, 1]. */
export interface Faults {
  readonly loss: number;
  readonly duplication: number;
  /** Upper limit of the delay of a message, in milliseconds. */
  readonly delayMaxMs: number;
  readonly coordinatorCrash: number;
  readonly trainerCrash: number;
  readonly trainerFreeze: number;
  /** A trainer is asked to stop, and gives its trial back. */
  readonly preemption: number;
  /** Probability that a trainer cannot use its data for a trial. */
  readonly badData: number;
  /** Probability that the test split cannot be read. */
  readonly badTestData: number;
  /** Probability that a stored checkpoint is damaged. */
  readonly rot: number;
}

export const CALM: Faults = {
  loss: 0,
  duplication: 0,
  delayMaxMs: 5,
  coordinatorCrash: 0,
  trainerCrash: 0,
  trainerFreeze: 0,
  preemption: 0,
  badData: 0,
  badTestData: 0,
  rot: 0,
};

interface Event {
  readonly at: number;
  readonly order: number;
  readonly act: () => void;
}

/** Virtual time and its future events. Events of the same time run first in, first out. */
export class World {
  readonly random: Random;
  faults: Faults;
  #nowMs = 0;
  #order = 0;
  readonly #events: Event[] = [];
  readonly #trace: string[] = [];

  constructor(seed: number, faults: Faults) {
    this.random = createRandom(seed);
    this.faults = faults;
  }

  get nowMs(): number {
    return this.#nowMs;
  }

  /** Latest inputs, oldest first. */
  get trace(): readonly string[] {
    return this.#trace;
  }

  /** Appends a line to the trace. */
  note(line: string): void {
    this.#trace.push(`${this.#nowMs} ${line}`);
    if (this.#trace.length > 5_000) this.#trace.splice(0, 2_500);
  }

  /** Schedules an action. */
  after(delayMs: number, act: () => void): void {
    this.#events.push({ at: this.#nowMs + Math.max(0, Math.round(delayMs)), order: this.#order++, act });
  }

  /** Sends a message over the network, which may lose, duplicate or delay it. */
  send(act: () => void): void {
    const copies = this.chance(this.faults.duplication) ? 2 : 1;
    for (let copy = 0; copy < copies; copy++) {
      if (!this.chance(this.faults.loss)) this.after(this.random.uniform() * this.faults.delayMaxMs, act);
    }
  }

  chance(probability: number): boolean {
    return probability > 0 && this.random.uniform() < probability;
  }

  /** Runs events until `done` returns true or the time limit is reached. @returns true if `done` */
  run(done: () => boolean, untilMs: number): boolean {
    while (!done()) {
      const next = this.#takeNext(untilMs);
      if (next === undefined) return false;
      this.#nowMs = next.at;
      next.act();
    }
    return true;
  }

  #takeNext(untilMs: number): Event | undefined {
    let first = 0;
    for (let index = 1; index < this.#events.length; index++) {
      if (isBefore(this.#events[index], this.#events[first])) first = index;
    }
    const next = this.#events[first];
    return next === undefined || next.at > untilMs ? undefined : this.#events.splice(first, 1)[0];
  }
}

function isBefore(a: Event | undefined, b: Event | undefined): boolean {
  if (a === undefined || b === undefined) return false;
  return a.at < b.at || (a.at === b.at && a.order < b.order);
}
