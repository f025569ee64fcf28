import { setTimeout } from "node:timers/promises";
import type { Clock } from "@sintonia/runtime/clock";
import type { Logger } from "@sintonia/runtime/logger";
import { apply, begin } from "../core/apply.js";
import type { Input } from "../core/boundary/input.js";
import type { Step } from "../core/boundary/step.js";
import type { State } from "../core/state/state.js";
import type { AssignmentSource } from "../ports/assignment-source.js";
import type { Coordinator } from "../ports/coordinator.js";
import type { TrainingProcess } from "../ports/training-process.js";
import { AssignmentPuller } from "./assignment-puller.js";
import { CoordinatorCalls } from "./coordinator-calls.js";
import { EffectRunner } from "./effect-runner.js";
import { logEffect, logInput } from "./step-logging.js";

/** How finely time is seen: far below any heartbeat interval or time to live. */
const TICK_MS = 100;

/** How long the end of a session waits for assignments to go back to the queue. */
const SETTLE_MS = 2_000;

export interface TrainerPorts {
  readonly assignments: AssignmentSource;
  readonly coordinator: Coordinator;
  readonly training: TrainingProcess;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Shortest time from one checkpoint of a trial to the next; 0 for one after every epoch. */
  readonly checkpointIntervalMs: number;
}

/** Runs a trainer's session: hands every input to the core, in order of arrival, and starts the effects it answers with. */
export class TrainerRunner {
  readonly #ports: TrainerPorts;
  readonly #calls: CoordinatorCalls;
  readonly #effects: EffectRunner;
  /** Effects under way. */
  readonly #running = new Set<Promise<void>>();
  #state: State | undefined;
  #ended: { resolve(fault: string | undefined): void; reject(error: unknown): void } | undefined;

  constructor(ports: TrainerPorts) {
    const { assignments, coordinator, training, clock, logger } = ports;
    const emit = (input: Input): void => this.#handle(input);
    const puller = new AssignmentPuller(assignments, logger, emit);
    this.#ports = ports;
    this.#calls = new CoordinatorCalls({ coordinator, clock, logger, emit });
    this.#effects = new EffectRunner({ puller, calls: this.#calls, training, emit });
  }

  /**
   * Runs until the session has stopped and nothing of it is under way. The caller closes the ports. Call it once.
   *
   * @returns the fault that the trainer cannot go on with, one line for a person, or undefined after a drain
   * @throws whatever the shell itself fails with
   */
  async run(): Promise<string | undefined> {
    const ticker = setInterval(() => this.#handle({ type: "tick" }), TICK_MS);
    try {
      return await new Promise<string | undefined>((resolve, reject) => {
        this.#ended = { resolve, reject };
        this.#enter(begin(this.#ports.clock.monotonicMs(), this.#ports.checkpointIntervalMs));
      });
    } finally {
      clearInterval(ticker);
      this.#calls.close();
      await this.#settle();
    }
  }

  /** Asks the session to end: no more trials, and the one at hand goes back to the queue. */
  drain(): void {
    this.#handle({ type: "drain" });
  }

  #handle(input: Input): void {
    if (this.#state === undefined) return;
    logInput(this.#ports.logger, this.#state, input);
    this.#enter(apply(this.#state, input, this.#ports.clock.monotonicMs()));
  }

  #enter({ state, effects }: Step): void {
    this.#state = state;
    for (const effect of effects) {
      logEffect(this.#ports.logger, effect);
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

  /** Waits for the effects under way, which may start others. */
  async #settle(): Promise<void> {
    const limit = new AbortController();
    const late = setTimeout(SETTLE_MS, true, { signal: limit.signal }).catch(() => true);
    while (this.#running.size > 0) {
      if (await Promise.race([late, Promise.all(this.#running).then(() => false)])) break;
    }
    limit.abort();
  }
}
