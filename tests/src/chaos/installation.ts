import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { freePorts } from "@sintonia/cli/system/ports";
import { startNatsCluster } from "../support/nats-cluster.js";
import { type NatsServer, startNatsServer } from "../support/nats-server.js";
import { fillJetStream, flipNewest } from "./processes/damage.js";
import { Links } from "./processes/links.js";
import type { SmallDisk } from "./processes/small-disk.js";
import { SupervisedProcess } from "./processes/supervised-process.js";
import type { Fault, ProcessRole } from "./schedule.js";
import { MARK } from "./study.js";

/** The size of an installation, and where its processes write. */
export interface InstallationSettings {
  /** Empty folder. */
  readonly folder: string;
  /** Number of processes of each role. */
  readonly counts: Readonly<Record<ProcessRole, number>>;
  readonly leaseTtlMs: number;
  /**
   * State folder of the coordinators.
   * @default `state` in `folder`
   */
  readonly stateDir?: string;
  /** The disk of the state folder, for faults that fill it. The caller closes the disk. */
  readonly stateDisk?: SmallDisk | undefined;
  /**
   * Environments of further trainers by their names; faults leave them alone.
   * @default none
   */
  readonly extraTrainers?: Readonly<Record<string, NodeJS.ProcessEnv>>;
  /**
   * Further variables of a coordinator.
   * @default none
   */
  readonly coordinatorVariables?: (index: number) => Readonly<Record<string, string>>;
  /**
   * Starts the NATS servers. The installation stops them.
   * @default as many as `counts` has
   */
  readonly startNats?: () => Promise<readonly NatsServer[]>;
}

/** Limit of the listeners of this process, above the number of processes. */
const LISTENERS_MAX = 64;

type Members = Readonly<Record<"trainer" | "coordinator", readonly Member[]> & { readonly extra: Member[] }>;

/** Room of JetStream on one server: many times what a study needs, and filled within a second. */
const STORE_BYTES = 32 * 1024 * 1024;

/** A process of ours with its connections. */
interface Member {
  readonly process: SupervisedProcess;
  readonly links: Links;
}

/** NATS, coordinators and trainers in processes of their own, with faults on demand. */
export class Installation {
  /** Addresses of the coordinators, without a proxy. */
  readonly addresses: string;
  /** Names of the files in which faults have changed a byte. */
  readonly damaged = new Set<string>();
  readonly #settings: InstallationSettings;
  readonly #members: Members;
  readonly #nats: readonly NatsServer[];
  readonly #grpcPorts: readonly number[];

  private constructor(
    settings: InstallationSettings,
    nats: readonly NatsServer[],
    { members, grpcPorts }: { readonly members: Members; readonly grpcPorts: readonly number[] },
  ) {
    this.#settings = settings;
    this.#nats = nats;
    this.#members = members;
    this.#grpcPorts = grpcPorts;
    this.addresses = grpcPorts.map((port) => `127.0.0.1:${port}`).join(",");
  }

  static async start(settings: InstallationSettings): Promise<Installation> {
    const { counts, folder, extraTrainers = {}, startNats = () => startServers(counts.nats, folder) } = settings;
    mkdirSync(path.join(folder, "logs"));
    // Each process ends with this one by a listener of its own.
    process.setMaxListeners(LISTENERS_MAX);
    const nats = await startNats();
    const grpcPorts = await freePorts(counts.coordinator);
    const coordinator = await startAll(counts.coordinator, (index) =>
      startMember(settings, nats, { role: "coordinator", name: `coordinator-${index}`, index, grpcPorts }),
    );
    const trainer = await startAll(counts.trainer, (index) =>
      startMember(settings, nats, { role: "trainer", name: `trainer-${index}`, index, grpcPorts }),
    );
    const extra = await Promise.all(
      Object.entries(extraTrainers).map(([name, environment]) =>
        startMember(settings, nats, { role: "trainer", name, index: 0, grpcPorts, environment }),
      ),
    );
    return new Installation(settings, nats, { members: { trainer, coordinator, extra }, grpcPorts });
  }

  /** Starts a further trainer. */
  async addTrainer(name: string, environment: NodeJS.ProcessEnv): Promise<void> {
    const place = { role: "trainer", name, index: 0, grpcPorts: this.#grpcPorts, environment } as const;
    this.#members.extra.push(await startMember(this.#settings, this.#nats, place));
  }

  /** Ends without a fault of the storm. */
  get unexpectedEnds(): readonly string[] {
    return this.#all.flatMap(({ process }) => process.unexpectedEnds);
  }

  /** URLs of the NATS servers, without a proxy. */
  get natsUrls(): readonly string[] {
    return this.#nats.map(({ url }) => url);
  }

  /** Causes a fault. Resolves once the fault is over. */
  async apply({ kind, role, index, lengthMs }: Fault): Promise<void> {
    if (role === "nats") return await disturbNats(this.#nats[index] as NatsServer, kind, lengthMs);
    if (role === "state") return await this.#disturbState(kind, lengthMs);
    const { process, links } = this.#members[role][index] as Member;
    if (kind === "kill") return await process.restart("SIGKILL", lengthMs);
    if (kind === "end") return await process.restart("SIGTERM", lengthMs);
    if (kind === "freeze") return await process.freeze(lengthMs);
    links.cut();
    await delay(lengthMs);
    links.heal();
  }

  /** Returns the process of a coordinator or trainer. Further trainers are in their order. */
  process(role: "trainer" | "coordinator" | "extra", index: number): SupervisedProcess {
    return (this.#members[role][index] as Member).process;
  }

  /** Ends everything. Returns the names of processes that did not end after SIGTERM. */
  async close(): Promise<readonly string[]> {
    const names: string[] = [];
    for (const role of ["trainer", "extra", "coordinator"] as const) {
      const ended = await Promise.all(this.#members[role].map(({ process }) => process.close()));
      names.push(...ended.flatMap((hasEnded, index) => (hasEnded ? [] : [`${role} ${index}`])));
    }
    await Promise.all(this.#all.map(({ links }) => links.close()));
    await Promise.all(this.#nats.map((server) => server.stop()));
    return names;
  }

  async #disturbState(kind: Fault["kind"], lengthMs: number): Promise<void> {
    const { stateDisk } = this.#settings;
    if (kind === "fill") {
      stateDisk?.fill();
      await delay(lengthMs);
      stateDisk?.free();
    } else if (kind === "flip") this.#flip("checkpoints", /^[0-9a-f]{64}$/);
    else {
      const killed = this.#members.coordinator.map(({ process }) => process.restart("SIGKILL", lengthMs));
      await Promise.all(killed);
      this.#flip("logs", /./);
      await delay(lengthMs);
    }
  }

  #flip(part: string, form: RegExp): void {
    const name = flipNewest(path.join(stateDirOf(this.#settings), part), form);
    if (name !== undefined) this.damaged.add(name);
  }

  get #all(): readonly Member[] {
    return Object.values(this.#members).flat();
  }
}

function stateDirOf({ folder, stateDir = path.join(folder, "state") }: InstallationSettings): string {
  return stateDir;
}

async function startServers(count: number, folder: string): Promise<readonly NatsServer[]> {
  if (count === 1) {
    const config = path.join(folder, "nats.conf");
    writeFileSync(config, `jetstream { max_file_store: ${STORE_BYTES} }`);
    return [await startNatsServer(["--jetstream", "--config", config])];
  }
  // Without advertisement, clients know the addresses of their proxies only.
  const { servers } = await startNatsCluster(count, count, ["--no_advertise"]);
  return [...servers.values()];
}

async function startAll(count: number, start: (index: number) => Promise<Member>): Promise<readonly Member[]> {
  return await Promise.all(Array.from({ length: count }, (_, index) => start(index)));
}

interface Place {
  readonly role: "trainer" | "coordinator";
  readonly name: string;
  readonly index: number;
  readonly grpcPorts: readonly number[];
  /** Variables that differ from those of the others. */
  readonly environment?: NodeJS.ProcessEnv;
}

async function startMember(
  settings: InstallationSettings,
  nats: readonly NatsServer[],
  { role, name, index, grpcPorts, environment: own = {} }: Place,
): Promise<Member> {
  const links = await Links.to([...nats.map(({ port }) => port), ...(role === "trainer" ? grpcPorts : [])]);
  const natsUrls = links.addresses.slice(0, nats.length).map((address) => `nats://${address}`);
  const { folder, leaseTtlMs, coordinatorVariables } = settings;
  const environment = {
    [MARK]: folder,
    SINTONIA_NATS_URL: natsUrls.join(","),
    SINTONIA_CACHE_DIR: path.join(folder, "cache"),
    ...(role === "trainer"
      ? {
          SINTONIA_COORDINATOR_ADDRESS: links.addresses.slice(nats.length).join(","),
          SINTONIA_TRAINER_NAME: name,
          SINTONIA_ALLOW_PROGRAMS: "true",
          SINTONIA_CHECKPOINT_INTERVAL_MS: "0",
        }
      : {
          SINTONIA_GRPC_PORT: String(grpcPorts[index]),
          SINTONIA_GRPC_SECURITY: "development",
          SINTONIA_NATS_SECURITY: "development",
          SINTONIA_STATE_DIR: stateDirOf(settings),
          SINTONIA_LEASE_TTL_MS: String(leaseTtlMs),
          ...coordinatorVariables?.(index),
        }),
    ...own,
  };
  const main = fileURLToPath(import.meta.resolve(`@sintonia/${role}/main`));
  const log = path.join(folder, "logs", `${name}.log`);
  return { links, process: new SupervisedProcess({ name, main, environment, log }) };
}

async function disturbNats(server: NatsServer, kind: Fault["kind"], lengthMs: number): Promise<void> {
  if (kind === "fill") return await fillJetStream(server.url, lengthMs);
  if (kind === "freeze") {
    server.signal("SIGSTOP");
    await delay(lengthMs);
    server.signal("SIGCONT");
    return;
  }
  await server.kill();
  await delay(lengthMs);
  await server.restart();
}
