// A person who creates studies, stops or pauses some of them, and cancels, retries and
// enqueues trials.
// Repeats each call until it is answered.

import { AdminServiceDefinition, type StopMode } from "@sintonia/proto/sintonia/v1/admin";
import { retry } from "@sintonia/runtime/backoff";
import type { SearchLimits, StudySpec } from "@sintonia/tuning/spec/study-spec";
import { type Client, ClientError, Status } from "nice-grpc";
import { Connections } from "../network/network.js";
import { serviceClient } from "../network/service-client.js";
import { SimulatedProcess } from "../world/process.js";
import type { World } from "../world/world.js";
import type { Cluster } from "./cluster.js";

/** The reason of every cancelled trial. */
export const CANCELLED = "A person cancelled it.";

/** Time from the cancellation of a trial to its retry, in milliseconds. */
const RETRY_AFTER_MS = 1_000;

const REFUSALS: ReadonlySet<Status> = new Set([Status.FAILED_PRECONDITION, Status.NOT_FOUND]);

export class Person {
  readonly #world: World;
  readonly #process: SimulatedProcess;
  readonly #client: Client<AdminServiceDefinition>;

  constructor(cluster: Cluster) {
    this.#world = cluster.world;
    this.#process = new SimulatedProcess(cluster.world, "person");
    const connect = (address: string) =>
      new Connections(cluster.world, this.#process, () => cluster.coordinatorAt(address));
    this.#client = serviceClient(AdminServiceDefinition, cluster.addresses, connect);
  }

  create(studyId: string, spec: StudySpec): void {
    this.#insist(() => this.#client.createStudy({ studyId, spec: JSON.stringify(spec) }));
  }

  /** Stops a study after some time. */
  stopLater(studyId: string, mode: StopMode, delayMs: number): void {
    const stop = () => this.#client.stopStudy({ studyId, reason: "Enough.", mode });
    this.#process.after(delayMs, () => this.#insist(stop));
  }

  /**
   * Pauses a study after some time, and resumes it some time later. Resumes it once more at
   * `lastMs`, after a pause that arrives late.
   */
  pauseLater(studyId: string, times: { delayMs: number; lengthMs: number; lastMs: number }): void {
    const { delayMs, lengthMs, lastMs } = times;
    this.#process.after(delayMs, () => this.#insist(() => this.#pause(studyId)));
    for (const resumeMs of [delayMs + lengthMs, lastMs])
      this.#process.after(resumeMs, () => this.#insist(() => this.#client.resumeStudy({ studyId })));
  }

  /** Pauses a study, unless it is no longer active. */
  async #pause(studyId: string): Promise<void> {
    await this.#client.pauseStudy({ studyId, reason: "Later." }).catch(unlessRefused);
  }

  /** Cancels a trial after some time, if it exists and has not ended, and retries it. */
  cancelLater(studyId: string, trialId: string, delayMs: number): void {
    const cancel = () => this.#client.cancelTrial({ studyId, trialId, reason: CANCELLED }).catch(unlessRefused);
    const retryTrial = () => this.#client.retryTrial({ studyId, trialId }).catch(unlessRefused);
    this.#process.after(delayMs, () => this.#insist(cancel));
    this.#process.after(delayMs + RETRY_AFTER_MS, () => this.#insist(retryTrial));
  }

  /** Extends a study after some time, unless its search has ended or it has failed. */
  extendLater(studyId: string, limits: Partial<SearchLimits>, delayMs: number): void {
    const extend = () => this.#client.extendStudy({ studyId, ...limits }).catch(unlessRefused);
    this.#process.after(delayMs, () => this.#insist(extend));
  }

  /** Enqueues a trial after some time, unless the study takes no further one. */
  enqueueLater(studyId: string, delayMs: number): void {
    const values = { stddev: { kind: { $case: "doubleValue", value: 0.3 } } } as const;
    const enqueue = () => this.#client.enqueueTrial({ studyId, values }).catch(unlessRefused);
    this.#process.after(delayMs, () => this.#insist(enqueue));
  }

  #insist(call: () => Promise<unknown>): void {
    const options = { delayMs: 500, timers: this.#process.timers, isTransient };
    retry(call, options).catch((error: unknown) => this.#world.fail(error));
  }
}

/** Throws an error unless it refuses the call for good. */
function unlessRefused(error: unknown): void {
  const isRefusal = error instanceof ClientError && REFUSALS.has(error.code);
  if (!isRefusal) throw error;
}

function isTransient(error: Error): boolean {
  return error instanceof ClientError && error.code !== Status.INVALID_ARGUMENT;
}
