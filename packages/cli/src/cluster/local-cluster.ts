// The processes of one run: nats-server (unless somebody else runs one), coordinator, trainers. Started in this order, kept
// alive, and stopped in the opposite one.

import { join } from "node:path";
import type { UserError } from "@sintonia/runtime/errors";
import type { NatsSource } from "../nats/find.js";
import { probeServer } from "../nats/probe.js";
import { containerName, serverProgram } from "../nats/server-program.js";
import type { RunFolder } from "../run/folder/run-folder.js";
import type { ProgressChange } from "../study/progress/progress.js";
import { freePorts } from "../system/ports.js";
import { type Program, startChild } from "../system/process/child-process.js";
import { sleep, waitUntil } from "../system/waiting.js";
import { ChildRecords } from "./orphans.js";
import { isServing } from "./readiness.js";
import { exitText } from "./restart-policy.js";
import { coordinatorAddress, coordinatorProgram, type ServiceSettings, trainerProgram } from "./service-programs.js";
import { type ChildObserver, SupervisedChild } from "./supervised-child.js";

/** Services get 8 s for each of their closers; one that is stuck has to be killed. */
const GRACE_MS = 8_000;
/** A large store is read before nats-server listens; a Docker image may have to be fetched first. */
const NATS_READY_MS = 300_000;
/** The coordinator waits 30 s for NATS and then replays its log. */
const COORDINATOR_READY_MS = 60_000;

export interface ClusterSettings {
  readonly folder: RunFolder;
  readonly nats: NatsSource;
  readonly trainers: number;
  readonly services: Pick<ServiceSettings, "cacheDir" | "dataDir" | "engine" | "verbose">;
  /** Receives one line when a process is restarted or lost. */
  readonly report: (line: string) => void;
}

export class LocalCluster {
  /** Of the coordinator, "host:port". */
  readonly address: string;
  /** Rejects when the study cannot go on: a process that it needs is lost for good. Never resolves. */
  readonly failed: Promise<never>;
  readonly #settings: ClusterSettings;
  readonly #records: ChildRecords;
  readonly #observer: ChildObserver;
  readonly #nats: SupervisedChild | undefined;
  readonly #coordinator: SupervisedChild;
  readonly #trainers: ReadonlyMap<string, SupervisedChild>;
  readonly #lost = new Set<string>();
  #fail: (error: Error) => void = () => undefined;
  #isStopping = false;

  private constructor(settings: ClusterSettings, ports: { readonly nats: number; readonly grpc: number }) {
    this.#settings = settings;
    this.#records = new ChildRecords(settings.folder.processes);
    this.#observer = this.#observe(settings, ports.nats);
    this.failed = new Promise((_, reject) => {
      this.#fail = reject;
    });
    // Whoever follows the study listens; until then a failure is not an unhandled one.
    this.failed.catch(() => undefined);
    const services = serviceSettings(settings, ports);
    this.address = coordinatorAddress(services);
    this.#nats = this.#superviseNats(ports.nats);
    this.#coordinator = this.#supervise(coordinatorProgram(services), (signal) => this.#coordinatorReady(signal));
    const programs = Array.from({ length: settings.trainers }, (_, index) => trainerProgram(services, index + 1));
    // A trainer announces nothing: it is ready once it is seen at work.
    this.#trainers = new Map(programs.map((program) => [program.name, this.#supervise(program, untilAborted)]));
  }

  /** Prepares a cluster on free ports, which it keeps through restarts. Nothing is started yet. */
  static async create(settings: ClusterSettings): Promise<LocalCluster> {
    const [nats = 0, grpc = 0] = await freePorts(2);
    return new LocalCluster(settings, { nats, grpc });
  }

  /**
   * Starts every process, and waits until the coordinator serves.
   *
   * @throws {UserError} with the words of a process that cannot start
   */
  async start(): Promise<void> {
    await this.#nats?.start();
    await this.#coordinator.start();
    // Failures reach `failed` through the observer.
    for (const trainer of this.#trainers.values()) trainer.start().catch(() => undefined);
  }

  /** Tells the cluster what its study shows: processes at work are forgiven their earlier deaths. */
  noteProgress({ progress, events }: ProgressChange): void {
    const alive = this.#trainers.size - this.#lost.size;
    if (progress.trainerCount >= alive) for (const trainer of this.#trainers.values()) trainer.noteReady();
    for (const event of events) {
      if (event.kind !== "epoch" && event.kind !== "trial-ended") continue;
      this.#nats?.noteProgress();
      this.#coordinator.noteProgress();
      this.#trainerOf(event.trial.trainerId)?.noteProgress();
    }
  }

  /** Ends every process in order. Safe to repeat. */
  async stop(): Promise<void> {
    this.#isStopping = true;
    await Promise.all([...this.#trainers.values()].map((trainer) => trainer.stop(GRACE_MS)));
    await this.#coordinator.stop(GRACE_MS);
    await this.#nats?.stop(GRACE_MS);
    this.#records.clear();
  }

  /** Ends every process at once. */
  kill(): void {
    this.#isStopping = true;
    for (const child of [...this.#trainers.values(), this.#coordinator, this.#nats]) child?.kill();
  }

  #observe(settings: ClusterSettings, natsPort: number): ChildObserver {
    return {
      started: (name, identity) => {
        const inDocker = name === "nats-server" && settings.nats.kind === "docker";
        this.#records.set({ name, ...identity, ...(inDocker ? { container: containerName(natsPort) } : {}) });
      },
      restarting: (name, exit, delayMs) => {
        settings.report(`${name} ${exitText(exit)}; starting it again in ${delayMs / 1000} s`);
      },
      failed: (name, error, reason) => this.#handleLoss(name, error, reason),
    };
  }

  #superviseNats(port: number): SupervisedChild | undefined {
    const { nats, folder } = this.#settings;
    if (nats.kind === "external") return undefined;
    const logPath = join(folder.logs, "nats-server.log");
    const places = { port, configPath: folder.natsConfig, storeDir: folder.natsStore, logPath };
    return this.#supervise(serverProgram(nats, places), (signal) => natsReady(port, signal));
  }

  #supervise(program: Program, ready: (signal: AbortSignal) => Promise<void>): SupervisedChild {
    return new SupervisedChild(program, { observer: this.#observer, ready, start: startChild, sleep });
  }

  #coordinatorReady(signal: AbortSignal): Promise<void> {
    const what = "the coordinator does not serve";
    return waitUntil(() => isServing(this.address), { signal, timeoutMs: COORDINATOR_READY_MS, what });
  }

  #handleLoss(name: string, error: UserError, reason: "cannot-start" | "give-up"): void {
    if (this.#isStopping) return;
    this.#lost.add(name);
    const remaining = [...this.#trainers.keys()].filter((trainer) => !this.#lost.has(trainer)).length;
    // What keeps one trainer from starting keeps all of them; what kills one need not.
    const canGoOn = this.#trainers.has(name) && reason === "give-up" && remaining > 0;
    if (canGoOn) this.#settings.report(`${error.message}; trainers left: ${remaining}`);
    else this.#fail(error);
  }

  /** A trainer's id is its name and something that is new at every start. */
  #trainerOf(trainerId: string): SupervisedChild | undefined {
    const name = [...this.#trainers.keys()].find((trainer) => trainerId.startsWith(`${trainer}-`));
    return name === undefined ? undefined : this.#trainers.get(name);
  }
}

function serviceSettings(settings: ClusterSettings, ports: { nats: number; grpc: number }): ServiceSettings {
  const { folder, nats, services } = settings;
  const natsUrl = nats.kind === "external" ? nats.url : `nats://127.0.0.1:${ports.nats}`;
  return { ...services, natsUrl, grpcPort: ports.grpc, stateDir: folder.state, logsDir: folder.logs };
}

function natsReady(port: number, signal: AbortSignal): Promise<void> {
  const check = async (): Promise<boolean> => (await probeServer("127.0.0.1", port))?.jetstream === true;
  return waitUntil(check, { signal, timeoutMs: NATS_READY_MS, what: "nats-server does not answer" });
}

function untilAborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
}
