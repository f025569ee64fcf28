// Opens the ports on a NATS server for the contracts. The server may run anywhere.
import { NatsAssignmentQueue } from "@sintonia/coordinator/adapters/nats/assignment-queue";
import { NatsCordonStore } from "@sintonia/coordinator/adapters/nats/cordon-store";
import { NatsLeadershipStore } from "@sintonia/coordinator/adapters/nats/leadership-store";
import { NatsStudyLog } from "@sintonia/coordinator/adapters/nats/study-log";
import { retry } from "@sintonia/runtime/backoff";
import { createLogger } from "@sintonia/runtime/logger";
import { connectNats } from "@sintonia/runtime/nats/connection";
import { DEFAULT_NAMES } from "@sintonia/runtime/nats/names";
import { parseServers } from "@sintonia/runtime/nats/servers";
import { ensureStreams } from "@sintonia/runtime/nats/topology";
import { NatsAssignmentSource } from "@sintonia/trainer/adapters/nats/assignment-source";
import type { NatsConnection } from "nats";
import { startTcpProxy } from "../support/tcp-proxy.js";
import type { AssignmentsFixture } from "./assignments.js";
import type { CordonStoreFixture } from "./coordinators/cordon-store.js";
import type { LeadershipStoreFixture } from "./coordinators/leadership-store.js";
import type { StudyLogFixture } from "./study-log.js";

/** A NATS server that a test can make unreachable. */
export interface NatsUnderTest {
  readonly host: string;
  readonly port: number;
  /** Makes the server unreachable. The returned function restores it with its store. */
  readonly outage: () => Promise<() => Promise<void>>;
}

/**
 * Upper limit of an answer in ms: short for tests of outages, long for a server on this machine.
 */
const ANSWER_TIMEOUT_MS = 2_000;

const logger = createLogger({ service: "test", instance: "test", level: "silent" });

const connect = (host: string, port: number): Promise<NatsConnection> =>
  connectNats({ settings: { natsUrl: parseServers(`nats://${host}:${port}`) }, name: "contract", logger });

/** Opens a study log that connects through a proxy. */
export async function openStudyLog(server: NatsUnderTest): Promise<StudyLogFixture> {
  const proxy = await startTcpProxy(server);
  const near = await connect("127.0.0.1", proxy.port);
  const other = await connect(server.host, server.port);
  await ensureStreams(other, { names: DEFAULT_NAMES, logger });
  return {
    log: new NatsStudyLog(near, DEFAULT_NAMES, ANSWER_TIMEOUT_MS),
    other: new NatsStudyLog(other, DEFAULT_NAMES, ANSWER_TIMEOUT_MS),
    outage: server.outage,
    loseAnswer: async () => {
      proxy.mute();
      return async () => proxy.heal();
    },
    close: async () => {
      await Promise.all([near.close(), other.close()]);
      await proxy.close();
    },
  };
}

/** Opens an empty leadership store through two connections. */
export async function openLeadershipStore(server: NatsUnderTest): Promise<LeadershipStoreFixture> {
  const open = () => connect(server.host, server.port);
  const [near, other] = await Promise.all([open(), open()]);
  await ensureStreams(other, { names: DEFAULT_NAMES, logger });
  const { streams } = await other.jetstreamManager();
  await streams.purge(DEFAULT_NAMES.coordinators);
  return {
    store: new NatsLeadershipStore(near),
    other: new NatsLeadershipStore(other),
    close: async () => {
      await Promise.all([near.close(), other.close()]);
    },
  };
}

/** Opens an empty store of cordons through two connections. */
export async function openCordonStore(server: NatsUnderTest): Promise<CordonStoreFixture> {
  const open = () => connect(server.host, server.port);
  const [near, other] = await Promise.all([open(), open()]);
  await ensureStreams(other, { names: DEFAULT_NAMES, logger });
  const { streams } = await other.jetstreamManager();
  await streams.purge(DEFAULT_NAMES.coordinators);
  return {
    store: new NatsCordonStore(near),
    other: new NatsCordonStore(other),
    close: async () => {
      await Promise.all([near.close(), other.close()]);
    },
  };
}

/** Publishes a message that no coordinator wrote, in place of the leader's record. */
export async function forgeLeader(server: NatsUnderTest): Promise<void> {
  const connection = await connect(server.host, server.port);
  await connection.jetstream().publish(DEFAULT_NAMES.leaderSubject, "garbage");
  await connection.close();
}

/** Opens an empty work queue, and the sources of two trainers with separate connections. */
export async function openAssignments(server: NatsUnderTest): Promise<AssignmentsFixture> {
  const open = () => connect(server.host, server.port);
  const [coordinator, one, two] = await Promise.all([open(), open(), open()]);
  await emptyQueue(coordinator);
  return {
    queue: new NatsAssignmentQueue(coordinator, { names: DEFAULT_NAMES, logger }),
    sources: [new NatsAssignmentSource(one, logger), new NatsAssignmentSource(two, logger)],
    restart: async () => {
      const end = await server.outage();
      await end();
      await Promise.all([coordinator, one, two].map(reconnected));
    },
    close: async () => {
      await Promise.all([coordinator, one, two].map((connection) => connection.close()));
    },
  };
}

const reconnected = (connection: NatsConnection): Promise<void> =>
  retry(() => connection.flush(), { delayMs: 20, delayMaxMs: 100, deadlineMs: 20_000 });

async function emptyQueue(connection: NatsConnection): Promise<void> {
  const manager = await connection.jetstreamManager();
  await ensureStreams(connection, { names: DEFAULT_NAMES, logger });
  await manager.streams.delete(DEFAULT_NAMES.assignments);
  await ensureStreams(connection, { names: DEFAULT_NAMES, logger });
}
