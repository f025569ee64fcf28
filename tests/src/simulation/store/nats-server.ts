// NATS: the study logs, the work queues, the leader's record and the identity of the installation
// in memory, in a process of its own.

import { MemoryLeadershipStore } from "@sintonia/coordinator/adapters/memory/leadership-store";
import { MemoryStudyLog } from "@sintonia/coordinator/adapters/memory/study-log";
import { StoreUnavailableError } from "@sintonia/coordinator/ports/study-log";
import { MemoryAssignmentSource } from "@sintonia/trainer/adapters/memory/assignment-source";
import type { Truth } from "../checks/truth.js";
import { SimulatedProcess } from "../world/process.js";
import type { World } from "../world/world.js";

/** Time after which a client gives up a request, in milliseconds. */
const REQUEST_MS = 5_000;

const NO_ANSWER = "NATS does not answer";

/** The server. */
export class NatsServer {
  readonly process: SimulatedProcess;
  readonly log = new MemoryStudyLog();
  readonly leadership = new MemoryLeadershipStore();
  installation: string | undefined;
  /** Trials that are offered: published, and neither accepted nor withdrawn. */
  readonly offered = new Set<string>();
  readonly truth: Truth;
  readonly #world: World;
  /** The work queues by resource class. */
  readonly #queues = new Map<string, MemoryAssignmentSource>();
  #fullUntilMs = 0;
  #refusesUntilMs = 0;
  /** Number of restarts. Requests of the time before one are lost. */
  #restarts = 0;

  constructor(world: World, truth: Truth) {
    this.#world = world;
    this.truth = truth;
    this.process = new SimulatedProcess(world, "nats");
  }

  /** Returns the queue of a resource class, or of the studies that every trainer may serve. */
  queueOf(resourceClass: string): MemoryAssignmentSource {
    const delayed = (delayMs: number, task: () => void): void => void this.process.after(delayMs, task);
    const queue = this.#queues.get(resourceClass) ?? new MemoryAssignmentSource(delayed);
    this.#queues.set(resourceClass, queue);
    return queue;
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

  /**
   * Restarts with an older state of its disk: up to `count` of the newest records are lost,
   * although they are acknowledged. Keeps records that are in no coordinator's copy: nobody would
   * miss them.
   */
  loseRecords(count: number): void {
    const newest = this.log.bodies().slice(-count).reverse();
    const kept = newest.findIndex((body) => !this.truth.isCopied(body));
    const lost = kept < 0 ? newest.length : kept;
    this.#restarts += 1;
    this.#world.note(`nats restarts without its newest ${lost} records`);
    this.log.rollBack(lost);
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
  async request<T>(from: SimulatedProcess, act: () => Promise<T>, timeoutMs = REQUEST_MS): Promise<T> {
    const restarts = this.#restarts;
    return await new Promise<T>((resolve, reject) => {
      const end = from.after(timeoutMs, () => reject(new StoreUnavailableError(NO_ANSWER)));
      const arrive = (settle: () => void) => () => {
        end();
        settle();
      };
      const back = (settle: () => void) => this.#world.send(() => from.run(arrive(settle)));
      this.#world.send(() =>
        this.process.run(() => {
          if (restarts !== this.#restarts) return;
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
