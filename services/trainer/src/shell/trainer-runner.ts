import { type Clock, every, sleep, type Timers } from "@sintonia/runtime/clock";
import { apply, begin } from "../core/apply.js";
import type { Input } from "../core/boundary/input.js";
import type { Step } from "../core/boundary/step.js";
import type { Settings, State } from "../core/state/state.js";
import type { AssignmentSource } from "../ports/assignment-source.js";
import type { Coordinator } from "../ports/coordinator.js";
import type { StepObserver } from "../ports/step-observer.js";
import type { TrainingProcess } from "../ports/training-process.js";
import { AssignmentPuller } from "./assignment-puller.js";
import { CoordinatorCalls } from "./coordinator-calls.js";
import { EffectRunner } from "./effect-runner.js";
import { logEffect, logInput } from "./step-logging.js";
import type { TrialLogs } from "./trial-logs.js";

/** Interval of ticks in milliseconds: far below every heartbeat interval and time to live. */
const TICK_MS = 100;

/**
 * Time limit in milliseconds for effects at the end, such as the return of assignments to the
 * queue.
 */
const SETTLE_MS = 2_000;

/** Time limit in milliseconds of all that follows a drain's time limit until `run` ends. */
export const RUN_END_MS = SETTLE_MS + 1_000;

/** The ports and settings of a trainer. */
export interface TrainerPorts {
  readonly assignments: AssignmentSource;
  readonly coordinator: Coordinator;
  readonly training: TrainingProcess;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly logs: TrialLogs;
  readonly settings: Settings;
  /** @default steps are not observed */
  readonly observe?: StepObserver;
}

/** Runs a trainer: applies every input in the order of arrival and runs the effects. */
export class TrainerRunner {
  readonly #ports: TrainerPorts;
  readonly #calls: CoordinatorCalls;
  readonly #effects: EffectRunner;
  /** Effects that have not ended. */
  readonly #running = new Set<Promise<void>>();
  #state: State | undefined;
  #ended: { resolve(fault: string | undefined): void; reject(error: unknown): void } | undefined;

  constructor(ports: TrainerPorts) {
    const { assignments, coordinator, training, clock, timers, logs } = ports;
    const emit = (input: Input): void => this.#handle(input);
    const puller = new AssignmentPuller(logs.following(assignments), logs, emit);
    this.#ports = ports;
    this.#calls = new CoordinatorCalls({ coordinator, clock, timers, logger: logs.logger, emit });
    this.#effects = new EffectRunner({ puller, calls: this.#calls, training, emit });
  }

  /**
   * Runs until the trainer has stopped and its effects have ended. Call this once. The caller
   * closes the ports.
   *
   * @returns the fault that broke the trainer, one line for a person; undefined after a drain
   * @throws any error of an effect
   */
  async run(): Promise<string | undefined> {
    const endTicks = every(TICK_MS, this.#ports.timers, () => this.#handle({ type: "tick" }));
    try {
      return await new Promise<string | undefined>((resolve, reject) => {
        this.#ended = { resolve, reject };
        this.#enter(begin(this.#ports.clock.monotonicMs(), this.#ports.settings));
      });
    } finally {
      endTicks();
      this.#calls.close();
      await this.#settle();
    }
  }

  /**
   * Drains the trainer: it pulls no further assignments, and returns its trial to the queue.
   *
   * @param reason - one line for a person about the trial that is handed back
   * @default the trainer was asked to stop
   */
  drain(reason?: string): void {
    this.#calls.hurry();
    this.#handle({ type: "drain", ...(reason === undefined ? {} : { reason }) });
  }

  #handle(input: Input): void {
    if (this.#state === undefined) return;
    logInput(this.#ports.logs, this.#state, input);
    this.#enter(apply(this.#state, input, this.#ports.clock.monotonicMs()), input);
  }

  #enter({ state, effects }: Step, input?: Input): void {
    this.#state = state;
    this.#ports.observe?.({ state, effects, ...(input === undefined ? {} : { input }) });
    for (const effect of effects) {
      logEffect(this.#ports.logs, effect);
      this.#track(this.#effects.run(effect));
    }
    if (state.phase.name === "stopped") this.#ended?.resolve(state.phase.fault);
  }

  #track(effect: Promise<void>): void {
    const tracked = effect
      .catch((error: unknown) => this.#ended?.reject(error))
      .finally(() => this.#running.delete(tracked));
    this.#running.add(tracked);
  }

  /** Waits for running effects and for those that they start. */
  async #settle(): Promise<void> {
    const limit = new AbortController();
    const late = sleep(SETTLE_MS, this.#ports.timers, limit.signal).then(() => true);
    while (this.#running.size > 0) {
      if (await Promise.race([late, Promise.all(this.#running).then(() => false)])) break;
    }
    limit.abort();
  }
}
