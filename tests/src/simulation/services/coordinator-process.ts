// The real coordinator in a simulated process, wired as in main.ts: it joins the installation,
// takes part in the election, and serves while it leads.

import type { TermServices } from "@sintonia/coordinator/adapters/grpc/server";
import { StoreUnavailableError } from "@sintonia/coordinator/ports/study-log";
import { Health } from "@sintonia/coordinator/shell/health/health";
import { StateFolder } from "@sintonia/coordinator/shell/health/state-folder";
import { joinInstallation } from "@sintonia/coordinator/shell/installation";
import { Election, type Term } from "@sintonia/coordinator/shell/leadership/election";
import { type LeaderRights, Leading } from "@sintonia/coordinator/shell/leadership/leading";
import type { Coordinator } from "@sintonia/coordinator/shell/running/coordinator";
import { type StartedTerm, startTerm, type TermEnd } from "@sintonia/coordinator/term";
import type { Logger } from "@sintonia/runtime/logger";
import type { Server } from "../network/network.js";
import { installationClient, leadershipClient } from "../store/nats-clients.js";
import { SimulatedProcess } from "../world/process.js";
import { traceLogger } from "../world/trace-logger.js";
import { answering } from "./answering.js";
import type { Surroundings } from "./surroundings.js";
import { openPorts, SNAPSHOT_RULE, TIMES } from "./term-ports.js";

/** Time to live of the leadership in milliseconds, as in the product. */
const LEADER_TTL_MS = 3_000;

/** The place of a coordinator among the others. */
export interface Place {
  /** Unique to the process. */
  readonly name: string;
  /** Address at which clients reach the process. */
  readonly address: string;
  /** Identity that at most one process has at a time; empty if nobody ensures it. */
  readonly identity: string;
}

/** A term that serves, and its name. */
interface ServingTerm {
  readonly name: string;
  readonly coordinator: Coordinator;
}

/** A running coordinator. */
export class CoordinatorProcess {
  readonly process: SimulatedProcess;
  readonly address: string;
  readonly server: Server;
  readonly #cluster: Surroundings;
  readonly #logger: Logger;
  readonly #ends = new AbortController();
  readonly #health: Health;
  readonly #stateFolder: StateFolder;
  readonly #leading: Leading<TermServices>;
  readonly #election: Election;
  #last: ServingTerm | undefined;

  /** @param onEnd - called once the process has ended, for whatever reason */
  constructor(cluster: Surroundings, { name, address, identity }: Place, onEnd: () => void) {
    const { world, nats, disk } = cluster;
    this.#cluster = cluster;
    this.process = new SimulatedProcess(world, name);
    this.process.onDeath(onEnd);
    this.address = address;
    this.#logger = traceLogger(world, this.process);
    const context = { logger: this.#logger, clock: this.process.clock, timers: this.process.timers };
    const health = new Health({ ...context, onChange: () => this.#leading.publish() });
    this.#health = health;
    this.#stateFolder = new StateFolder(health, { name: "state folder", tryWrite: async () => disk.requireRoom() });
    this.#leading = new Leading({ ...context, isHealthy: () => health.isServing }, (term, rights) =>
      this.#startTerm(term, rights),
    );
    const store = leadershipClient(nats, this.process);
    const { signal } = this.#ends;
    this.#election = new Election(
      { ...context, store, ttlMs: LEADER_TTL_MS, signal, ...this.#leading.handlers },
      { instance: name, identity, address },
    );
    this.#leading.follow(this.#election, { port: 0, setServing: () => undefined, setLeader: () => undefined });
    const { standing, services } = this.#leading;
    this.server = { process: this.process, answer: answering(cluster, this, { standing, services }) };
    this.#run().catch((error: unknown) => this.#end(error));
  }

  /** The term that serves now; undefined while this coordinator does not serve. */
  get serving(): ServingTerm | undefined {
    return !this.process.isFrozen && this.#leading.standing().kind === "serving" ? this.#last : undefined;
  }

  /** The studies as the last term that served has them. */
  get coordinator(): Coordinator | undefined {
    return this.#last?.coordinator;
  }

  /** Asks the process to end in order, as SIGTERM does. */
  stop(): void {
    this.#cluster.world.note(`${this.process.name} is asked to stop`);
    this.process.run(() => {
      this.#stop().catch((error: unknown) => this.#end(error));
    });
  }

  async #run(): Promise<void> {
    const { nats, disk } = this.#cluster;
    await joinInstallation({
      store: installationClient(nats, this.process),
      folder: disk.installation,
      names: { store: "nats", folder: "disk" },
      sharesRecord: async () => false,
      mayAdopt: false,
      logger: this.#logger,
    });
    const jetStream = { name: "nats", check: () => nats.request(this.process, async () => undefined) };
    const parts = [this.#leading.whileServing(this.#stateFolder), jetStream, this.#leading.studyLogs];
    this.#health.watch(parts, this.#ends.signal);
    await Promise.race([this.#election.run(), this.#leading.failed]);
  }

  async #stop(): Promise<void> {
    this.#ends.abort(new Error("the process was asked to stop"));
    await this.#leading.close().catch((error: unknown) => this.#requireExpected(error));
    await this.#election.release();
    this.process.kill("ended in order");
  }

  async #startTerm(term: Term, rights: LeaderRights): Promise<StartedTerm> {
    const { process } = this;
    const name = `${process.name}/${term.number}`;
    this.#cluster.reaping.noteTerm(name, term.leases);
    const context = {
      openPorts: async (end: TermEnd) => openPorts(this.#cluster, { process, name, readings: 0 }, end),
      times: TIMES,
      snapshotRule: SNAPSHOT_RULE,
      timers: process.timers,
      stateFolder: this.#stateFolder,
      logger: this.#logger,
      rights,
      stopping: this.#ends.signal,
      onFatal: (error: unknown) => this.#end(error),
    };
    const started = await startTerm(context, term);
    this.#last = { name, coordinator: started.coordinator };
    return started;
  }

  /** Ends the process for a fatal fault: a store that does not answer. */
  #end(error: unknown): void {
    this.#requireExpected(error);
    this.process.kill(`fatal: ${(error as Error).message}`);
  }

  #requireExpected(error: unknown): void {
    if (!(error instanceof StoreUnavailableError)) this.#cluster.world.fail(error);
  }
}
