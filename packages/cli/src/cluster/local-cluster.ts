// The processes of one run: nats-server (unless the user names a server), coordinator and trainers.
// They start in this order, are restarted when they die, and stop in the opposite order.

import { join } from "node:path";
import type { UserError } from "@sintonia/runtime/errors";
import type { NatsSource } from "../nats/find.js";
import type { NatsUser } from "../nats/server-config.js";
import { containerName, serverProgram } from "../nats/server-program.js";
import { freePorts } from "../system/ports.js";
import { exitText, type Program, startChild } from "../system/process/child-process.js";
import { sleep } from "../system/waiting.js";
import { ClusterCredentials } from "./credentials.js";
import { ChildRecords } from "./orphans.js";
import { coordinatorReady, natsReady } from "./readiness.js";
import { isBearable } from "./restart-policy.js";
import {
  coordinatorAddress,
  coordinatorProgram,
  pageAddress,
  type ServiceSettings,
  trainerName,
  trainerProgram,
} from "./service-programs.js";
import { type ChildObserver, SupervisedChild } from "./supervised-child.js";

/** Time from SIGTERM to SIGKILL: a service takes up to 8 s for each step of its shutdown. */
const GRACE_MS = 8_000;

/** Absolute paths of the cluster's files. The caller makes the folders. */
export interface ClusterPaths {
  /** File that lists the live processes. */
  readonly processes: string;
  /** File with the configuration of nats-server. */
  readonly natsConfig: string;
  /** Folder of the JetStream store. */
  readonly natsStore: string;
  /** Folder of the coordinator's state. */
  readonly state: string;
  readonly logs: string;
  /** Folder of the credentials, which the cluster makes and deletes. */
  readonly secrets: string;
}

interface ClusterSettings {
  readonly paths: ClusterPaths;
  readonly nats: NatsSource;
  /** Number of trainers. */
  readonly trainers: number;
  readonly services: Pick<ServiceSettings, "cacheDir" | "dataDir" | "engine" | "verbose">;
  /** True if the coordinator serves the live page. */
  readonly page: boolean;
  /** Receives one line when a process is restarted or lost. */
  readonly report: (line: string) => void;
}

/** The loopback ports of a cluster. */
interface ClusterPorts {
  readonly nats: number;
  readonly grpc: number;
  readonly page: number | undefined;
}

/** Evidence from a study that processes of the cluster work. */
export interface ClusterActivity {
  /** Ids of trainers that have finished an epoch or a trial since the last call. */
  readonly activeTrainerIds: readonly string[];
}

/** A cluster on this machine. */
export class LocalCluster {
  /** Address of the coordinator, "host:port". */
  readonly address: string;
  /** Address of the live page, "http://host:port". Undefined without one. */
  readonly page: string | undefined;
  /** Rejects when a process that the study needs is lost for good. Never resolves. */
  readonly failed: Promise<never>;
  readonly #settings: ClusterSettings;
  readonly #records: ChildRecords;
  readonly #credentials: ClusterCredentials;
  readonly #observer: ChildObserver;
  readonly #nats: SupervisedChild | undefined;
  readonly #coordinator: SupervisedChild;
  readonly #trainers: ReadonlyMap<string, SupervisedChild>;
  readonly #lost = new Set<string>();
  #fail: (error: Error) => void = () => undefined;
  #isStopping = false;
  #hasTrained = false;

  private constructor(settings: ClusterSettings, ports: ClusterPorts) {
    this.#settings = settings;
    this.#records = new ChildRecords(settings.paths.processes);
    this.#credentials = new ClusterCredentials(settings.paths.secrets);
    this.#observer = this.#observe(settings, ports.nats);
    this.failed = new Promise((_, reject) => {
      this.#fail = reject;
    });
    // Ignored here: the run that follows the study handles the rejection.
    this.failed.catch(() => undefined);
    const services = { ...serviceSettings(settings, ports), credentials: this.#credentials };
    this.address = coordinatorAddress(services);
    this.page = pageAddress(services);
    const names = Array.from({ length: settings.trainers }, (_, index) => trainerName(index + 1));
    this.#nats = this.#superviseNats(ports.nats, this.#credentials.create(names));
    this.#coordinator = this.#supervise(coordinatorProgram(services), (signal) =>
      coordinatorReady(this.address, signal),
    );
    const programs = Array.from({ length: settings.trainers }, (_, index) => trainerProgram(services, index + 1));
    // A trainer is ready with its first epoch: it may reach the coordinator and still be unable to
    // train, for example if its engine does not load.
    this.#trainers = new Map(programs.map((program) => [program.name, this.#supervise(program, untilAborted)]));
  }

  /** Prepares a cluster on free ports, which stay the same through restarts. Starts nothing. */
  static async create(settings: ClusterSettings): Promise<LocalCluster> {
    const [nats = 0, grpc = 0, page] = await freePorts(settings.page ? 3 : 2);
    return new LocalCluster(settings, { nats, grpc, page });
  }

  /**
   * Starts every process, and waits until the coordinator serves.
   *
   * @throws {UserError} with the message of a process that cannot start
   */
  async start(): Promise<void> {
    await this.#nats?.start();
    await this.#coordinator.start();
    // Ignored here: the observer passes failures to `failed`.
    for (const trainer of this.#trainers.values()) trainer.start().catch(() => undefined);
  }

  /**
   * Marks processes as ready or as making progress. Earlier deaths of a process that makes progress
   * no longer count.
   */
  noteActivity({ activeTrainerIds }: ClusterActivity): void {
    if (activeTrainerIds.length > 0) this.#hasTrained = true;
    for (const trainerId of activeTrainerIds) {
      this.#nats?.noteProgress();
      this.#coordinator.noteProgress();
      this.#trainerOf(trainerId)?.noteProgress();
    }
  }

  /** Stops the trainers, which then report what they leave unfinished. Safe to repeat. */
  async stopTrainers(): Promise<void> {
    this.#isStopping = true;
    await Promise.all([...this.#trainers.values()].map((trainer) => trainer.stop(GRACE_MS)));
  }

  /** Stops every process in order. Safe to repeat. */
  async stop(): Promise<void> {
    await this.stopTrainers();
    await this.#coordinator.stop(GRACE_MS);
    await this.#nats?.stop(GRACE_MS);
    this.#records.clear();
    this.#credentials.delete();
  }

  /** Kills every process. */
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
        settings.report(`${name} ${exitText(exit)}; restarting it in ${delayMs / 1000} s`);
      },
      failed: (name, error, reason) => this.#handleLoss(name, error, reason),
    };
  }

  #superviseNats(port: number, users: readonly NatsUser[]): SupervisedChild | undefined {
    const { nats, paths } = this.#settings;
    if (nats.kind === "external") return undefined;
    const logPath = join(paths.logs, "nats-server.log");
    const serverPaths = { configPath: paths.natsConfig, storeDir: paths.natsStore, logPath, users };
    return this.#supervise(serverProgram(nats, { port, ...serverPaths }), (signal) => natsReady(port, signal));
  }

  #supervise(program: Program, ready: (signal: AbortSignal) => Promise<void>): SupervisedChild {
    return new SupervisedChild(program, { observer: this.#observer, ready, start: startChild, sleep });
  }

  #handleLoss(name: string, error: UserError, reason: "cannot-start" | "give-up"): void {
    if (this.#isStopping) return;
    this.#lost.add(name);
    const remaining = [...this.#trainers.keys()].filter((trainer) => !this.#lost.has(trainer)).length;
    const loss = { isTrainer: this.#trainers.has(name), reason, remaining, hasTrained: this.#hasTrained };
    if (isBearable(loss)) this.#settings.report(`${error.message}; trainers left: ${remaining}`);
    else this.#fail(error);
  }

  /**
   * Finds a trainer by its id: its name, a dash and a suffix that is new at every start.
   */
  #trainerOf(trainerId: string): SupervisedChild | undefined {
    const name = [...this.#trainers.keys()].find((trainer) => trainerId.startsWith(`${trainer}-`));
    return name === undefined ? undefined : this.#trainers.get(name);
  }
}

function serviceSettings(settings: ClusterSettings, ports: ClusterPorts): Omit<ServiceSettings, "credentials"> {
  const { paths, nats, services } = settings;
  const natsUrl = nats.kind === "external" ? nats.url : `nats://127.0.0.1:${ports.nats}`;
  const isNatsExternal = nats.kind === "external";
  const { grpc: grpcPort, page: pagePort } = ports;
  return { ...services, natsUrl, isNatsExternal, grpcPort, pagePort, stateDir: paths.state, logsDir: paths.logs };
}

function untilAborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
}
