import { mkdirSync } from "node:fs";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { freePorts, startNatsCluster } from "../support/nats-cluster.js";
import { type NatsServer, startNatsServer } from "../support/nats-server.js";
import { Links } from "./processes/links.js";
import { SupervisedProcess } from "./processes/supervised-process.js";
import type { Fault, Role } from "./schedule.js";
import { MARK } from "./study.js";

/** The size of an installation, and where its processes write. */
export interface InstallationSettings {
  /** Empty folder. */
  readonly folder: string;
  /** Number of processes of each role. */
  readonly counts: Readonly<Record<Role, number>>;
  readonly leaseTtlMs: number;
  /**
   * State folder of the coordinators.
   * @default `state` in `folder`
   */
  readonly stateDir?: string;
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

/** A process of ours with its connections. */
interface Member {
  readonly process: SupervisedProcess;
  readonly links: Links;
}

/** NATS, coordinators and trainers in processes of their own, with faults on demand. */
export class Installation {
  /** Addresses of the coordinators, without a proxy. */
  readonly addresses: string;
  readonly #members: Readonly<Record<"trainer" | "coordinator", readonly Member[]>>;
  readonly #nats: readonly NatsServer[];

  private constructor(
    nats: readonly NatsServer[],
    members: Readonly<Record<"trainer" | "coordinator", readonly Member[]>>,
    addresses: string,
  ) {
    this.#nats = nats;
    this.#members = members;
    this.addresses = addresses;
  }

  static async start(settings: InstallationSettings): Promise<Installation> {
    const { counts, folder, startNats = () => startServers(counts.nats) } = settings;
    mkdirSync(path.join(folder, "logs"));
    const nats = await startNats();
    const grpcPorts = await freePorts(counts.coordinator);
    const coordinator = await startAll(counts.coordinator, (index) =>
      startMember(settings, nats, { role: "coordinator", index, grpcPorts }),
    );
    const trainer = await startAll(counts.trainer, (index) =>
      startMember(settings, nats, { role: "trainer", index, grpcPorts }),
    );
    const addresses = grpcPorts.map((port) => `127.0.0.1:${port}`).join(",");
    return new Installation(nats, { trainer, coordinator }, addresses);
  }

  /** Ends without a fault of the storm. */
  get unexpectedEnds(): readonly string[] {
    return this.#all.flatMap(({ process }) => process.unexpectedEnds);
  }

  /** Causes a fault. Resolves once the fault is over. */
  async apply({ kind, role, index, lengthMs }: Fault): Promise<void> {
    if (role === "nats") return await disturbNats(this.#nats[index] as NatsServer, kind, lengthMs);
    const { process, links } = this.#members[role][index] as Member;
    if (kind === "kill") return await process.restart("SIGKILL", lengthMs);
    if (kind === "end") return await process.restart("SIGTERM", lengthMs);
    if (kind === "freeze") return await process.freeze(lengthMs);
    links.cut();
    await delay(lengthMs);
    links.heal();
  }

  /** Returns the process of a coordinator or trainer. */
  process(role: "trainer" | "coordinator", index: number): SupervisedProcess {
    return (this.#members[role][index] as Member).process;
  }

  /** Ends everything. Returns the names of processes that did not end after SIGTERM. */
  async close(): Promise<readonly string[]> {
    const names: string[] = [];
    for (const role of ["trainer", "coordinator"] as const) {
      const ended = await Promise.all(this.#members[role].map(({ process }) => process.close()));
      names.push(...ended.flatMap((hasEnded, index) => (hasEnded ? [] : [`${role} ${index}`])));
    }
    await Promise.all(this.#all.map(({ links }) => links.close()));
    await Promise.all(this.#nats.map((server) => server.stop()));
    return names;
  }

  get #all(): readonly Member[] {
    return Object.values(this.#members).flat();
  }
}

async function startServers(count: number): Promise<readonly NatsServer[]> {
  if (count === 1) return [await startNatsServer()];
  // Without advertisement, clients know the addresses of their proxies only.
  const { servers } = await startNatsCluster(count, count, ["--no_advertise"]);
  return [...servers.values()];
}

async function startAll(count: number, start: (index: number) => Promise<Member>): Promise<readonly Member[]> {
  return await Promise.all(Array.from({ length: count }, (_, index) => start(index)));
}

interface Place {
  readonly role: "trainer" | "coordinator";
  readonly index: number;
  readonly grpcPorts: readonly number[];
}

async function startMember(
  { folder, leaseTtlMs, stateDir = path.join(folder, "state"), coordinatorVariables }: InstallationSettings,
  nats: readonly NatsServer[],
  { role, index, grpcPorts }: Place,
): Promise<Member> {
  const links = await Links.to([...nats.map(({ port }) => port), ...(role === "trainer" ? grpcPorts : [])]);
  const natsUrls = links.addresses.slice(0, nats.length).map((address) => `nats://${address}`);
  const name = `${role}-${index}`;
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
          SINTONIA_STATE_DIR: stateDir,
          SINTONIA_LEASE_TTL_MS: String(leaseTtlMs),
          ...coordinatorVariables?.(index),
        }),
  };
  const main = fileURLToPath(import.meta.resolve(`@sintonia/${role}/main`));
  const log = path.join(folder, "logs", `${name}.log`);
  return { links, process: new SupervisedProcess({ name, main, environment, log }) };
}

async function disturbNats(server: NatsServer, kind: Fault["kind"], lengthMs: number): Promise<void> {
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
