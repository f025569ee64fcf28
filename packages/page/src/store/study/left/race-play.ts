// The course of a race by a discrete-event clock: each free trainer takes the next trial, and each
// rung lets as many trials pass as its pruner would. Which ones they are does not matter.

import type { ReachedRung } from "@sintonia/tuning/pruner/curve/race/finalists";
import type { RaceBracket } from "./brackets.js";
import { earliest } from "./earliest.js";

/** What trainers do at once, and how long it takes. */
export interface RacePace {
  /** Trials at once, at least 1. */
  readonly parallel: number;
  readonly secondsPerEpoch: number;
  /** Seconds between two trials of a trainer. */
  readonly gapSeconds: number;
}

/** A trial at the beginning of the play. */
export interface PlayedTrial {
  readonly bracket: RaceBracket;
  readonly epochs: number;
  /** Expected epochs of its whole training. */
  readonly end: number;
  readonly state: "queued" | "training" | "paused" | "ended";
}

/** What a race takes. */
export interface RaceCost {
  /** Seconds until the last training ends. */
  readonly seconds: number;
  /** Seconds of all trainers together. */
  readonly work: number;
}

/** The trials at a rung. */
interface RungCounts {
  arrived: number;
  promoted: number;
  paused: number;
}

/** A bracket with the trials at each of its rungs. */
interface PlayedBracket extends RaceBracket {
  readonly counts: readonly RungCounts[];
}

/** The training of a trial up to a rung, or to its end. */
interface Task {
  readonly bracket: PlayedBracket;
  /** Index of the rung; the number of rungs for the end. */
  readonly stage: number;
  readonly epochs: number;
}

interface BusyTrainer {
  readonly task: Task;
  readonly until: number;
}

/** Epochs that a trial may have trained beyond the rung at which it was pruned. */
const AHEAD = 1;

/** Plays a race. */
export class RacePlay {
  readonly #pace: RacePace;
  readonly #end: number;
  readonly #brackets = new Map<RaceBracket, PlayedBracket>();
  readonly #queue: Task[] = [];
  readonly #busy = new Set<BusyTrainer>();
  #now = 0;
  #work = 0;

  /** @param end - expected epochs of a whole training of a trial that a rung lets pass */
  constructor(pace: RacePace, end: number) {
    this.#pace = pace;
    this.#end = end;
  }

  /** Adds a trial. Queued trials begin in the order in which they are added. */
  add({ bracket: own, epochs, end, state }: PlayedTrial): void {
    const bracket = this.#bracketOf(own);
    const stage = bracket.rungs.filter((rung) => rung <= epochs).length;
    for (const [i, counts] of bracket.counts.slice(0, stage).entries()) {
      counts.arrived++;
      const isHere = state === "paused" && i === stage - 1;
      const hasStopped = state === "ended" && (bracket.rungs[i] as number) + AHEAD >= epochs;
      if (isHere) counts.paused++;
      else if (!hasStopped) counts.promoted++;
    }
    const task = { bracket, stage, epochs: Math.max(1, (bracket.rungs[stage] ?? end) - epochs) };
    if (state === "queued") this.#queue.push(task);
    if (state === "training") this.#start(task, 0);
  }

  /** Plays the race to its end. */
  run(): RaceCost {
    for (;;) {
      this.#assign(() => this.#promoted(({ reached }, { reductionFactor }) => Math.floor(reached / reductionFactor)));
      this.#assign(() => this.#queue.shift());
      // In the end the best trials go on from rungs that would let none pass.
      if (this.#busy.size === 0) this.#assign(() => this.#promoted((at, bracket) => bracket.leastAt(at)));
      const next = earliest(this.#busy, ({ until }) => until);
      if (next === undefined) return { seconds: this.#now, work: this.#work };
      this.#busy.delete(next);
      this.#now = next.until;
      this.#arrive(next.task);
    }
  }

  #bracketOf(bracket: RaceBracket): PlayedBracket {
    const counts = bracket.rungs.map(() => ({ arrived: 0, promoted: 0, paused: 0 }));
    const played = this.#brackets.get(bracket) ?? { ...bracket, counts };
    this.#brackets.set(bracket, played);
    return played;
  }

  /** Gives each free trainer a task, as long as there is one. */
  #assign(nextTask: () => Task | undefined): void {
    while (this.#busy.size < this.#pace.parallel) {
      const task = nextTask();
      if (task === undefined) return;
      this.#start(task, this.#pace.gapSeconds);
    }
  }

  #start(task: Task, pause: number): void {
    const seconds = pause + task.epochs * this.#pace.secondsPerEpoch;
    this.#busy.add({ task, until: this.#now + seconds });
    this.#work += seconds;
  }

  /** Returns the next task of a paused trial, from the highest rung that lets one more pass. */
  #promoted(placesAt: (at: ReachedRung, bracket: RaceBracket) => number): Task | undefined {
    for (const bracket of this.#brackets.values()) {
      const at = bracket.counts.findLastIndex(
        ({ arrived: reached, paused, promoted }, i) =>
          paused > 0 && promoted < placesAt({ rung: bracket.rungs[i] as number, reached }, bracket),
      );
      const counts = bracket.counts[at];
      if (counts === undefined) continue;
      counts.paused--;
      counts.promoted++;
      const [from = 0, to = this.#end] = bracket.rungs.slice(at);
      return { bracket, stage: at + 1, epochs: to - from };
    }
    return undefined;
  }

  #arrive({ bracket, stage }: Task): void {
    const counts = bracket.counts[stage];
    if (counts === undefined) return;
    counts.arrived++;
    counts.paused++;
  }
}
