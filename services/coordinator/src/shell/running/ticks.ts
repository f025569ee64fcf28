// The ticks of the running studies: which trainers live, how the studies share them, and what the
// watchers learn of a study's wait.

import { type Clock, every, sleep, type Timers } from "@sintonia/runtime/clock";
import type { Logger } from "@sintonia/runtime/logger";
import type { Tick } from "../../core/boundary/input.js";
import { competitionOf } from "../../core/resources/fair-share.js";
import { demandKey, demandOf, type Offer } from "../../core/resources/fit.js";
import { trainersView } from "../../core/resources/trainers-view.js";
import { beginsTrials, isLeased, isOver, leasableTrials } from "../../core/state/study.js";
import type { StudyRunner } from "../study/study-runner.js";
import type { CordonRegister } from "./cordon-register.js";
import { type GoneTrainer, type LiveTrainer, TrainerRegistry } from "./trainer-registry.js";

/**
 * Studies that get their tick in one turn of the event loop, which takes about 2 ms. Calls that
 * arrive meanwhile are read in between.
 */
const TURN_STUDIES_MAX = 100;

/** The ports and settings of the ticks. */
export interface TickContext {
  readonly clock: Clock;
  readonly timers: Timers;
  readonly logger: Logger;
  /** Ends the ticks. */
  readonly signal: AbortSignal;
  /** Interval of the ticks that the studies receive, in milliseconds. */
  readonly tickMs: number;
  /** Time without a sign of life after which a trainer counts as gone, in milliseconds. */
  readonly trainerSilenceMs: number;
  /** The cordoned trainers. */
  readonly cordons: Pick<CordonRegister, "cordons">;
  /** Returns the reason for which uploads cannot be stored; undefined if they can. */
  readonly stateFault: () => string | undefined;
}

/** Sends ticks to the studies of a coordinator. */
export class Ticks {
  readonly #context: TickContext;
  readonly #runners: () => readonly StudyRunner[];
  readonly #onWaiting: (runner: StudyRunner) => void;
  readonly #trainers: TrainerRegistry;
  /** The waits that the watchers of each study have seen. */
  readonly #published = new WeakMap<StudyRunner, string | undefined>();
  /** Studies whose last tick is not yet applied. */
  readonly #ticking = new Set<StudyRunner>();
  /** The last turn of the latest round. */
  #lastTurn: Promise<void> = Promise.resolve();
  /** The round that has not begun; undefined if no one has asked for one. */
  #nextRound: Promise<void> | undefined;

  /**
   * @param runners - returns the studies that receive ticks
   * @param onWaiting - called when a study or its queued trials wait for another reason than before
   */
  constructor(context: TickContext, runners: () => readonly StudyRunner[], onWaiting: (runner: StudyRunner) => void) {
    this.#context = context;
    this.#runners = runners;
    this.#onWaiting = onWaiting;
    this.#trainers = new TrainerRegistry(context.clock, context.trainerSilenceMs);
  }

  /** Sends ticks to all studies until the context's signal is aborted. */
  start(): void {
    const { tickMs, timers, signal } = this.#context;
    const end = every(tickMs, timers, () => void this.#tickAll());
    signal.addEventListener("abort", end, { once: true });
  }

  /** Returns the number of live trainers. */
  trainerCount(): number {
    return this.#trainers.live().length;
  }

  /** Returns the live trainers. */
  trainers(): readonly LiveTrainer[] {
    return this.#trainers.trainers();
  }

  /**
   * Records a sign of life of a trainer. Sends a tick to all studies if the trainer is new, so
   * that it finds work at once.
   */
  async noteTrainer(trainerId: string, offer?: Offer): Promise<void> {
    if (!this.#trainers.note(trainerId, offer)) return;
    this.#context.logger.info({ trainerId, ...offer, trainerCount: this.trainerCount() }, "trainer appeared");
    await this.#tickAll();
  }

  /** Sends the present to all studies, outside the interval. */
  async tickNow(): Promise<void> {
    await this.#tickAll();
  }

  /** Sends the present to one study, outside the interval. */
  async tickOne(runner: StudyRunner): Promise<void> {
    await this.#tick(runner, this.#present()(runner));
  }

  /**
   * Sends ticks to all studies, after the round that is being sent. All who ask before it begins
   * share the round: a thousand trainers that appear at once cost two.
   */
  #tickAll(): Promise<void> {
    this.#nextRound ??= this.#lastTurn.then(() => this.#tickRound());
    return this.#nextRound;
  }

  async #tickRound(): Promise<void> {
    this.#nextRound = undefined;
    for (const gone of this.#trainers.takeGone()) this.#logGone(gone);
    const tickOf = this.#present();
    const going = this.#runners().filter((runner) => !isOver(runner.study));
    const ticks: Promise<void>[] = [];
    this.#lastTurn = this.#inTurns(going, (runner) => void ticks.push(this.#tick(runner, tickOf(runner))));
    await this.#lastTurn;
    await Promise.all(ticks);
  }

  /** Sends to some studies in each turn of the event loop. Waits for no log of a study. */
  async #inTurns(runners: readonly StudyRunner[], send: (runner: StudyRunner) => void): Promise<void> {
    const { timers, signal } = this.#context;
    for (let first = 0; first < runners.length && !signal.aborted; first += TURN_STUDIES_MAX) {
      if (first > 0) await sleep(0, timers, signal);
      for (const runner of runners.slice(first, first + TURN_STUDIES_MAX)) send(runner);
    }
  }

  /** Logs the end of a trainer. Its leases end in the tick that follows. */
  #logGone({ trainerId, silentMs }: GoneTrainer): void {
    const trials = this.#runners().flatMap(({ study }) =>
      leasableTrials(study)
        .filter((trial) => isLeased(trial) && trial.lease?.trainerId === trainerId)
        .map(({ id }) => `${study.id}/${id}`),
    );
    const facts = { trainerId, silentSeconds: Math.round(silentMs / 1000), trials, trainerCount: this.trainerCount() };
    this.#context.logger[trials.length > 0 ? "warn" : "info"](facts, "trainer gone");
  }

  /** Returns the ticks of the present. Studies of equal demands share one. */
  #present(): (runner: StudyRunner) => Tick {
    const going = this.#runners().filter(({ study }) => !isOver(study));
    const beginning = going.filter(({ study }) => beginsTrials(study));
    const present = {
      live: this.#trainers.trainers(),
      cordons: this.#context.cordons.cordons,
      holders: new Set(going.flatMap(({ leaseHolders }) => leaseHolders)),
      competition: competitionOf(beginning.map(({ study }) => demandOf(study.spec))),
    };
    const storageFault = this.#context.stateFault();
    const ticks = new Map<string, Tick>();
    return ({ study }) => {
      const demand = demandOf(study.spec);
      const key = demandKey(demand);
      const tick = ticks.get(key) ?? ({ type: "tick", ...trainersView(present, demand), storageFault } as const);
      ticks.set(key, tick);
      return tick;
    };
  }

  /** Sends a tick to a study, unless an earlier one still waits for the study's log. */
  async #tick(runner: StudyRunner, tick: Tick): Promise<void> {
    if (this.#ticking.has(runner)) return this.#publishWaiting(runner);
    this.#ticking.add(runner);
    // Ignored: the study reported a fatal fault through onFatal, and survives other faults until
    // the next tick.
    await runner.tick(tick).catch(() => undefined);
    this.#ticking.delete(runner);
    this.#publishWaiting(runner);
  }

  #publishWaiting(runner: StudyRunner): void {
    const { waits } = runner;
    if (waits === this.#published.get(runner)) return;
    this.#published.set(runner, waits);
    this.#onWaiting(runner);
  }
}
