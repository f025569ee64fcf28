// Virtual time in one thread. Events of the same time run first in, first out, and every promise
// that an event settles runs to its end before the next event: one seed determines everything.

import { createRandom, type Random } from "@sintonia/tuning/random/random";
import { type Faults, LATE_MAX_MS } from "./faults.js";
import { Trace } from "./trace.js";

/** Share of the second copies of messages that arrive late. */
const LATE_COPIES = 0.5;

interface Event {
  readonly at: number;
  readonly order: number;
  act: (() => void) | undefined;
}

export class World {
  readonly random: Random;
  readonly trace = new Trace(() => this.#nowMs);
  faults: Faults;
  #nowMs = 0;
  #order = 0;
  #failure: unknown;
  /** A binary heap: the next event comes first. */
  readonly #events: Event[] = [];

  /** True if artifacts name the lease under which they were made. */
  readonly isMarked: boolean;
  /** True if the supervisor ensures that at most one coordinator has an address at a time. */
  readonly isIdentified: boolean;

  constructor(seed: number, faults: Faults) {
    this.isMarked = seed % 2 === 0;
    this.isIdentified = seed % 3 === 0;
    this.random = createRandom(seed);
    this.faults = faults;
  }

  get nowMs(): number {
    return this.#nowMs;
  }

  note(line: string): void {
    this.trace.note(line);
  }

  chance(probability: number): boolean {
    return probability > 0 && this.random.uniform() < probability;
  }

  /** Schedules an action. @returns a function that cancels the action */
  after(delayMs: number, act: () => void): () => void {
    const event: Event = { at: this.#nowMs + Math.max(0, Math.round(delayMs)), order: this.#order++, act };
    this.#push(event);
    return () => {
      event.act = undefined;
    };
  }

  /** Sends a message over the network, which may lose, double or delay it. */
  send(act: () => void): void {
    const { loss, duplication, lateness, delayMaxMs } = this.faults;
    const copies = this.chance(duplication) ? 2 : 1;
    for (let copy = 0; copy < copies; copy++) {
      const isLate = this.chance(copy === 0 ? lateness : LATE_COPIES);
      const longestMs = isLate ? LATE_MAX_MS : delayMaxMs;
      if (!this.chance(loss)) this.after(1 + this.random.uniform() * longestMs, act);
    }
  }

  /** Ends the run with a broken invariant. */
  fail(error: unknown): void {
    this.#failure ??= error;
  }

  /**
   * Runs events until `done` returns true or the time limit is reached.
   *
   * @returns true if `done`
   */
  async run(done: () => boolean, untilMs: number): Promise<boolean> {
    while (!done()) {
      const next = this.#events[0];
      if (next === undefined || next.at > untilMs) return false;
      this.#pop();
      if (next.act === undefined) continue;
      this.#nowMs = next.at;
      next.act();
      await new Promise<void>((resolve) => setImmediate(resolve));
      if (this.#failure !== undefined) throw this.#failure;
    }
    return true;
  }

  #push(event: Event): void {
    const heap = this.#events;
    let at = heap.length;
    for (; at > 0; ) {
      const parent = (at - 1) >> 1;
      const above = heap[parent] as Event;
      if (!isBefore(event, above)) break;
      heap[at] = above;
      at = parent;
    }
    heap[at] = event;
  }

  #pop(): void {
    const heap = this.#events;
    const last = heap.pop();
    if (last === undefined || heap.length === 0) return;
    let at = 0;
    for (;;) {
      const left = 2 * at + 1;
      if (left >= heap.length) break;
      const right = left + 1;
      const child = right < heap.length && isBefore(heap[right] as Event, heap[left] as Event) ? right : left;
      if (!isBefore(heap[child] as Event, last)) break;
      heap[at] = heap[child] as Event;
      at = child;
    }
    heap[at] = last;
  }
}

function isBefore(a: Event, b: Event): boolean {
  return a.at < b.at || (a.at === b.at && a.order < b.order);
}
