// The course of trials that free trainers take one after the other, by a discrete-event clock.

import { earliest } from "./earliest.js";

/** A training, from the present or from its beginning on. */
export interface Course {
  /** Seconds to the end of the training itself. */
  readonly whole: number;
  /** Seconds to the end that a pruner would set; at least `whole` if it would set none. */
  readonly pruned: number;
}

/** The trials of a search that have not ended. */
export interface OpenTrials {
  /** Those under way. */
  readonly busy: readonly Course[];
  /** Those that wait or do not exist yet, in the order in which they begin. */
  readonly waiting: readonly Course[];
  /** Trials at once, at least 1 and at least the number of trials under way. */
  readonly parallel: number;
  /** Seconds between two trials of a trainer. */
  readonly gapSeconds: number;
  /** Trials that complete before the pruner ends one; infinite without a pruner. */
  readonly unjudged: number;
}

/** Largest number of waiting trials times trainers that is played through; about a millisecond. */
const PLAYED_MAX = 50_000;

/**
 * Returns the seconds until the last trial ends if each free trainer takes the next one. Of very
 * many trials, the sum of all time is divided by the trainers.
 */
export function lastEnd(open: OpenTrials): number {
  const { busy, waiting, parallel, gapSeconds, unjudged } = open;
  if (waiting.length * parallel <= PLAYED_MAX) return new Schedule(open).run();
  const secondsOf = ({ whole, pruned }: Course) => (unjudged === 0 ? Math.min(whole, pruned) : whole);
  const ends = busy.map(secondsOf);
  const work = [...ends, ...waiting.map((course) => gapSeconds + secondsOf(course))];
  const longest = ends.reduce((most, seconds) => Math.max(most, seconds), 0);
  return Math.max(longest, work.reduce((sum, seconds) => sum + seconds, 0) / parallel);
}

class Schedule {
  readonly #open: OpenTrials;
  readonly #running = new Set<Course>();
  #unjudged: number;
  #now = 0;

  constructor(open: OpenTrials) {
    this.#open = open;
    this.#unjudged = open.unjudged;
    for (const course of open.busy) this.#running.add({ ...course });
  }

  run(): number {
    const { waiting, parallel, gapSeconds } = this.#open;
    let begun = 0;
    for (;;) {
      while (this.#running.size < parallel && begun < waiting.length) {
        const { whole, pruned } = waiting[begun++] as Course;
        const from = this.#now + gapSeconds;
        this.#running.add({ whole: from + whole, pruned: from + pruned });
      }
      const first = earliest(this.#running, (course) => this.#endOf(course));
      if (first === undefined) return this.#now;
      this.#end(first);
    }
  }

  #end(course: Course): void {
    this.#now = this.#endOf(course);
    this.#running.delete(course);
    if (this.#now >= course.whole) this.#unjudged--;
  }

  /** A trial is not pruned before the pruner has judged the first one. */
  #endOf({ whole, pruned }: Course): number {
    return this.#unjudged > 0 ? whole : Math.min(whole, Math.max(this.#now, pruned));
  }
}
