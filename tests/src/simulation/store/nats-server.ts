// NATS: the study logs and the work queue in memory, in a process of its own.

import { MemoryStudyLog } from "@sintonia/coordinator/adapters/memory/study-log";
import { StoreUnavailableError } from "@sintonia/coordinator/ports/study-log";
import { MemoryAssignmentSource } from "@sintonia/trainer/adapters/memory/assignment-source";
import type { Truth } from "../checks/truth.js";
import { SimulatedProcess } from "../world/process.js";
import type { World } from "../world/world.js";

/** Time after which the client gives up a request, in milliseconds. */
const REQUEST_MS = 5_000;

/** The server. */
export class NatsServer {
  readonly process: SimulatedProcess;
  readonly queue: MemoryAssignmentSource;
  readonly log = new MemoryStudyLog();
  /** Trials that are offered: published, and neither accepted nor withdrawn. */
  readonly offered = new Set<string>();
  readonly truth: Truth;
  readonly #world: World;
  #fullUntilMs = 0;
  #refusesUntilMs = 0;

  constructor(world: World, truth: Truth) {
    this.#world = world;
    this.truth = truth;
    this.process = new SimulatedProcess(world, "nats");
    this.queue = new MemoryAssignmentSource((delayMs, task) => void this.process.after(delayMs, task));
  }

  /** Refuses all requests for some time. */
  refuse(ms: number): void {
    this.#world.note(`nats refuses for ${Math.round(ms)} ms`);
    this.#refusesUntilMs = this.#world.nowMs + ms;
  }

  /** Has no room for records for some time. */
  fill(ms: number): void {
    this.#world.note(`nats is full for ${Math.round(ms)} ms`);
    this.#fullUntilMs = this.#world.nowMs + ms;
  }

  /** Works again. */
  mend(): void {
    this.#refusesUntilMs = 0;
    this.#fullUntilMs = 0;
  }

  requireRoom(): void {
    if (this.#world.nowMs < this.#fullUntilMs) throw new StoreUnavailableError("NATS says insufficient resources");
  }

  /**
   * Carries out a request of another process. A request without an answer in time fails; the server
   * may have carried it out.
   */
  async request<T>(from: SimulatedProcess, act: () => Promise<T>): Promise<T> {
    return await new Promise<T>((resolve, reject) => {
      const late = () => reject(new StoreUnavailableError("NATS does not answer"));
      const end = from.after(REQUEST_MS, late);
      const arrive = (settle: () => void) => () => {
        end();
        settle();
      };
      const back = (settle: () => void) => this.#world.send(() => from.run(arrive(settle)));
      this.#world.send(() =>
        this.process.run(() => {
          this.#carryOut(act).then(
            (answer) => back(() => resolve(answer)),
            (error: unknown) => back(() => reject(error)),
          );
        }),
      );
    });
  }

  async #carryOut<T>(act: () => Promise<T>): Promise<T> {
    if (this.#world.nowMs < this.#refusesUntilMs) throw new StoreUnavailableError("JetStream is not available");
    return await act();
  }
}
